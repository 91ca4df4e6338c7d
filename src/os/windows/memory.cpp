#include "os/memory.h"

#include <windows.h>

#include <utility>

#include "base/units.h"
#include "os/system_error.h"

namespace aiobench::platform {
namespace {

// Committed memory gets its pages when they are first touched: do that now, rather than inside
// what is timed.
void populate(std::byte* data, std::size_t bytes) {
  for (std::size_t at = 0; at < bytes; at += page_bytes()) {
    *reinterpret_cast<volatile std::byte*>(data + at) = std::byte{0};
  }
}

std::size_t ask_page_bytes() {
  SYSTEM_INFO info{};
  GetSystemInfo(&info);
  return info.dwPageSize;
}

}  // namespace

std::size_t page_bytes() {
  static const std::size_t bytes = ask_page_bytes();
  return bytes;
}

PageMemory::PageMemory(PageMemory&& other) noexcept
    : data_(std::exchange(other.data_, nullptr)), bytes_(std::exchange(other.bytes_, 0)) {}

PageMemory& PageMemory::operator=(PageMemory&& other) noexcept {
  std::swap(data_, other.data_);
  std::swap(bytes_, other.bytes_);
  return *this;
}

PageMemory::~PageMemory() {
  if (data_ != nullptr) VirtualFree(data_, 0, MEM_RELEASE);
}

// Large pages are no option: they need a privilege (SeLockMemoryPrivilege) that no user has
// unasked.
Result<PageMemory> PageMemory::allocate(std::size_t bytes) {
  const std::size_t rounded = align_up(bytes, page_bytes());
  void* const data = VirtualAlloc(nullptr, rounded, MEM_RESERVE | MEM_COMMIT, PAGE_READWRITE);
  if (data == nullptr) {
    Error error =
        system_error("get " + format_size(bytes) + " of memory for buffers", "", last_error());
    error.hint = "use a smaller --depth or --block-size";
    return error;
  }
  PageMemory memory;
  memory.data_ = static_cast<std::byte*>(data);
  memory.bytes_ = rounded;
  populate(memory.data_, rounded);
  return memory;
}

}  // namespace aiobench::platform
