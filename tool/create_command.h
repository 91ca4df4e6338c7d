// Test files whose data cannot be compressed or deduplicated: for aiobench create, and the default
// file of hash and read.
#pragma once

#include <cstdint>
#include <string>

#include "base/error.h"

namespace aiobench::tool {

// Creates the file `path` with `bytes` bytes of pseudo-random data that depends only on `seed`. The
// data is written, not a hole. The file is written under a temporary name and renamed when
// complete. An existing file is an error unless `replace` is true. `progress` shows a status line
// on stderr.
Status create_data_file(const std::string& path, std::uint64_t bytes, std::uint64_t seed,
                        bool replace, bool progress);

// The file that hash and read use without FILE: 256 MiB in the cache directory, created on first
// use.
Result<std::string> default_file(bool progress);

}  // namespace aiobench::tool
