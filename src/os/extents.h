// Where a file holds data, and where nothing but zeros that take no space ("holes"), so that a copy
// can be made with the same holes. Sources: lseek(2) on SEEK_DATA and SEEK_HOLE, fallocate(2);
// FSCTL_QUERY_ALLOCATED_RANGES and FSCTL_SET_SPARSE in the Win32 reference.
#pragma once

#include <cstdint>
#include <vector>

#include "base/error.h"
#include "os/file.h"

namespace aiobench::platform {

// A stretch that holds data, in bytes of the file.
struct Extent {
  FileOffset offset;
  std::uint64_t bytes;  // never 0
};

// The data among the first `file_bytes` bytes of `file`, in order; between the extents are holes,
// and zeros may count as data. Where the system does not tell, and for a file that has become
// shorter meanwhile, all of it is one extent: whoever reads it finds out. `file` is open for
// reading.
Result<std::vector<Extent>> data_extents(const File& file, std::uint64_t file_bytes);

// Sets the length of `file`, which is new and empty, to `file_bytes` and has the space of `extents`
// allocated, so that a full disk is found before writing; between them are holes. On Windows a file
// with holes gets its space only as it is written.
Status reserve_extents(File& file, const std::vector<Extent>& extents, std::uint64_t file_bytes);

}  // namespace aiobench::platform
