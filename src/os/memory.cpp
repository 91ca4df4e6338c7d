#include "os/file_view.h"

#include <utility>

#include "base/check.h"
#include "base/units.h"
#include "os/live_view.h"
#include "os/mapping.h"
#include "os/memory.h"
#include "os/system_error.h"

namespace aiobench::platform {
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

}  // namespace aiobench::platform
