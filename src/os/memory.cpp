#include "os/memory.h"

#include <array>
#include <utility>

#include "base/error.h"
#include "base/units.h"
#include "os/console.h"
#include "os/system_error.h"

namespace aiobench::os {
namespace {

Error too_many(const std::string& path) {
  Error error;
  error.operation = "map";
  error.path = path;
  error.cause = "too many files are mapped";
  error.hint = "read fewer files concurrently";
  return error;
}

}  // namespace

Mapping::Mapping(Mapping&& other) noexcept
    : data_(std::exchange(other.data_, nullptr)),
      bytes_(std::exchange(other.bytes_, 0)),
      live_(std::exchange(other.live_, nullptr)) {}

Mapping& Mapping::operator=(Mapping&& other) noexcept {
  std::swap(data_, other.data_);
  std::swap(bytes_, other.bytes_);
  std::swap(live_, other.live_);
  return *this;
}

// The entry is removed first: another thread may reuse the address as soon as it is unmapped.
Mapping::~Mapping() {
  if (live_ == nullptr) return;
  const bool replaced = lost_from().has_value();
  remove_live_mapping(*live_);
  unmap_pages(data_, bytes_, replaced);
}

Result<Mapping> Mapping::map(const File& file) {
  Result<std::uint64_t> bytes = file.size();
  if (!bytes) return bytes.take_error();
  Mapping mapping;
  if (*bytes == 0) return mapping;
  guard_mappings();
  Result<const std::byte*> data = map_pages(file, *bytes);
  if (!data) return data.take_error();
  mapping.live_ = add_live_mapping(*data, *bytes);
  if (mapping.live_ == nullptr) {
    unmap_pages(*data, *bytes, false);
    return too_many(file.path());
  }
  mapping.data_ = *data;
  mapping.bytes_ = *bytes;
  return mapping;
}

int Mapping::populate(FileOffset offset, std::uint64_t bytes) const {
  AIOBENCH_CHECK(offset <= bytes_ && bytes <= bytes_ - offset);
  if (bytes == 0) return 0;
  const FileOffset end = offset + bytes;
  if (lost_before(end)) return device_failure_code();
  const FileOffset begin = align_down(offset, page_bytes());
  const int code = populate_pages(data_ + begin, end - begin);
  return code == 0 && lost_before(end) ? device_failure_code() : code;
}

void Mapping::release(FileOffset offset, std::uint64_t bytes) const {
  AIOBENCH_CHECK(offset <= bytes_ && bytes <= bytes_ - offset && offset % page_bytes() == 0);
  if (bytes > 0) release_pages(data_ + offset, bytes);
}

std::optional<FileOffset> Mapping::lost_from() const {
  const FileOffset from = live_ == nullptr ? LiveMapping::kNothing : live_->lost_from.load();
  if (from == LiveMapping::kNothing) return std::nullopt;
  return from;
}

bool Mapping::lost_before(FileOffset end) const {
  return lost_from().value_or(LiveMapping::kNothing) < end;
}

void touch_pages(const std::byte* data, std::uint64_t bytes) {
  const std::size_t page = page_bytes();
  for (std::uint64_t at = 0; at < bytes; at += page) {
    static_cast<void>(*reinterpret_cast<const volatile std::byte*>(data + at));
  }
}

namespace {

std::array<LiveMapping, 256> table;

}  // namespace

void LiveMapping::note_loss(FileOffset from) {
  FileOffset noted = lost_from.load();
  while (from < noted && !lost_from.compare_exchange_weak(noted, from)) {
  }
}

LiveMapping* add_live_mapping(const std::byte* data, std::uint64_t bytes) {
  for (LiveMapping& mapping : table) {
    if (mapping.taken.exchange(true)) continue;
    mapping.lost_from.store(LiveMapping::kNothing);
    mapping.bytes.store(bytes);
    mapping.begin.store(reinterpret_cast<std::uintptr_t>(data));
    return &mapping;
  }
  return nullptr;
}

void remove_live_mapping(LiveMapping& mapping) {
  mapping.begin.store(0);
  mapping.taken.store(false);
}

// The entry of another mapping may change meanwhile. `begin` is read twice, so that the address is
// not compared with the begin of one mapping and the length of another.
LiveMapping* find_live_mapping(std::uintptr_t address) {
  for (LiveMapping& mapping : table) {
    const std::uintptr_t begin = mapping.begin.load();
    if (begin == 0 || address < begin || address - begin >= mapping.bytes.load()) continue;
    if (mapping.begin.load() == begin) return &mapping;
  }
  return nullptr;
}

Status warm(const File& file) {
  constexpr std::uint32_t kChunk = 1u << 20;
  Result<PageMemory> memory = PageMemory::allocate(kChunk);
  if (!memory) return memory.take_error();
  for (std::uint64_t at = 0;;) {
    if (interrupted()) return interrupted_error("only a part of the file is cached");
    const Transferred got = file.read_at(memory->data(), kChunk, at);
    if (got.error != 0) return system_error("read", file.path(), got.error, at);
    if (got.bytes == 0) return {};
    at += got.bytes;
  }
}

}  // namespace aiobench::os
