// aiobench hash --check SUMS: hashes the files named in a checksum file, and compares.
#pragma once

#include <string>

#include "tool/exit_code.h"
#include "tool/options.h"

namespace aiobench::tool {

// Prints a line a file, as `xxhsum -c` does; with `quiet` only those that are not OK. `strict`
// makes lines that cannot be read a bad verdict.
ExitCode check_files(const StreamSettings& settings, const std::string& sums_path, bool quiet,
                     bool strict);

}  // namespace aiobench::tool
