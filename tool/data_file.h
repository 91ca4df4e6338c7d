// Files of data that cannot be compressed or deduplicated, to be read by benchmarks.
#pragma once

#include <cstdint>
#include <string>

#include "base/error.h"

namespace aiobench::tool {

// Makes `path` with `bytes` bytes that follow from `seed` alone. The data is real: written, not a
// hole. It goes to a temporary name first, so that no half file is left under the right one; an
// existing file is refused unless `replace`. `progress` shows a line on stderr.
Status create_data_file(const std::string& path, std::uint64_t bytes, std::uint64_t seed,
                        bool replace, bool progress);

// The file that hash reads where none is named: 256 MiB in the cache directory, made on first use.
Result<std::string> default_file(bool progress);

}  // namespace aiobench::tool
