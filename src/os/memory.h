// Memory for requests: page-aligned, present from the start (no page fault inside what is
// timed), with large pages where the system gives them unasked. Sources: mmap(2), madvise(2);
// VirtualAlloc in the Win32 reference.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>

#include "base/error.h"

namespace aiobench::platform {

std::size_t page_bytes();

class PageMemory {
 public:
  PageMemory() = default;
  PageMemory(PageMemory&& other) noexcept;
  PageMemory& operator=(PageMemory&& other) noexcept;
  ~PageMemory();

  // `bytes` is rounded up to whole pages. The memory is zero.
  static Result<PageMemory> allocate(std::size_t bytes);

  std::byte* data() const { return data_; }
  std::size_t size() const { return bytes_; }
  std::span<std::byte> span() const { return {data_, bytes_}; }

 private:
  std::byte* data_ = nullptr;
  std::size_t bytes_ = 0;
};

}  // namespace aiobench::platform
