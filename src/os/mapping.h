// What FileView needs of the system. Not for others.
#pragma once

#include <cstddef>
#include <cstdint>

#include "base/error.h"
#include "os/file.h"

namespace aiobench::platform {

// From the first call on, a page of a live view that cannot be had reads as zeros.
void guard_views();

// The first `bytes` bytes of `file`, not 0, for reading.
Result<const std::byte*> map_pages(const File& file, std::uint64_t bytes);

// `replaced`: zeros have taken the place of at least a part.
void unmap_pages(const std::byte* data, std::uint64_t bytes, bool replaced);

// Brings in whole pages: `data` is the beginning of one. 0 or the system's code; a page that cannot
// be had may also show as a loss only.
int populate_pages(const std::byte* data, std::uint64_t bytes);

// Takes whole pages out of this process.
void release_pages(const std::byte* data, std::uint64_t bytes);

// Reads a byte of each page.
void touch_pages(const std::byte* data, std::uint64_t bytes);

}  // namespace aiobench::platform
