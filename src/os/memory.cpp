#include "os/memory.h"

#include <array>
#include <utility>

#include "base/check.h"
#include "base/units.h"
#include "os/system_error.h"

namespace aiobench::os {
namespace {

Error too_many(const std::string& path) {
  Error error;
  error.operation = "map";
  error.path = path;
  error.cause = "too many files are mapped already";
  error.hint = "read fewer at once";
  return error;
}

}  // namespace

FileView::FileView(FileView&& other) noexcept
    : data_(std::exchange(other.data_, nullptr)),
      bytes_(std::exchange(other.bytes_, 0)),
      live_(std::exchange(other.live_, nullptr)) {}

FileView& FileView::operator=(FileView&& other) noexcept {
  std::swap(data_, other.data_);
  std::swap(bytes_, other.bytes_);
  std::swap(live_, other.live_);
  return *this;
}

// The entry goes first: the address may be somebody else's as soon as it is unmapped.
FileView::~FileView() {
  if (live_ == nullptr) return;
  const bool replaced = lost_from().has_value();
  remove_view(*live_);
  unmap_pages(data_, bytes_, replaced);
}

Result<FileView> FileView::map(const File& file) {
  Result<std::uint64_t> bytes = file.size();
  if (!bytes) return bytes.take_error();
  FileView view;
  if (*bytes == 0) return view;
  guard_views();
  Result<const std::byte*> data = map_pages(file, *bytes);
  if (!data) return data.take_error();
  view.live_ = enter_view(*data, *bytes);
  if (view.live_ == nullptr) {
    unmap_pages(*data, *bytes, false);
    return too_many(file.path());
  }
  view.data_ = *data;
  view.bytes_ = *bytes;
  return view;
}

int FileView::populate(FileOffset offset, std::uint64_t bytes) const {
  AIOBENCH_CHECK(offset <= bytes_ && bytes <= bytes_ - offset);
  if (bytes == 0) return 0;
  const FileOffset end = offset + bytes;
  if (lost_before(end)) return device_failure_code();
  const FileOffset begin = align_down(offset, page_bytes());
  const int code = populate_pages(data_ + begin, end - begin);
  return code == 0 && lost_before(end) ? device_failure_code() : code;
}

void FileView::release(FileOffset offset, std::uint64_t bytes) const {
  AIOBENCH_CHECK(offset <= bytes_ && bytes <= bytes_ - offset && offset % page_bytes() == 0);
  if (bytes > 0) release_pages(data_ + offset, bytes);
}

std::optional<FileOffset> FileView::lost_from() const {
  const FileOffset from = live_ == nullptr ? LiveView::kNothing : live_->lost_from.load();
  if (from == LiveView::kNothing) return std::nullopt;
  return from;
}

bool FileView::lost_before(FileOffset end) const {
  return lost_from().value_or(LiveView::kNothing) < end;
}

void touch_pages(const std::byte* data, std::uint64_t bytes) {
  const std::size_t page = page_bytes();
  for (std::uint64_t at = 0; at < bytes; at += page) {
    static_cast<void>(*reinterpret_cast<const volatile std::byte*>(data + at));
  }
}

namespace {

std::array<LiveView, 256> table;

}  // namespace

void LiveView::note_loss(FileOffset from) {
  FileOffset noted = lost_from.load();
  while (from < noted && !lost_from.compare_exchange_weak(noted, from)) {
  }
}

LiveView* enter_view(const std::byte* data, std::uint64_t bytes) {
  for (LiveView& view : table) {
    if (view.taken.exchange(true)) continue;
    view.lost_from.store(LiveView::kNothing);
    view.bytes.store(bytes);
    view.begin.store(reinterpret_cast<std::uintptr_t>(data));
    return &view;
  }
  return nullptr;
}

void remove_view(LiveView& view) {
  view.begin.store(0);
  view.taken.store(false);
}

// Another view's entry may change hands meanwhile. `begin` is read once more, so that no address
// is held against one view's begin and another one's length.
LiveView* find_view(std::uintptr_t address) {
  for (LiveView& view : table) {
    const std::uintptr_t begin = view.begin.load();
    if (begin == 0 || address < begin || address - begin >= view.bytes.load()) continue;
    if (view.begin.load() == begin) return &view;
  }
  return nullptr;
}

}  // namespace aiobench::os
