// The system's own call for copying a file, as what a copy of ours is compared with. Sources:
// copy_file_range(2), sendfile(2); CopyFileExW in the Win32 reference.
#pragma once

#include <cstdint>
#include <functional>
#include <string>

#include "base/error.h"
#include "os/file.h"

namespace aiobench::platform {

// Copies all of `from` into the file at `to_path`, which is there, empty and open nowhere, and
// returns how many bytes that were. The calling thread does it, in pieces of at most 64 MiB;
// Windows chooses them itself. After each piece `go_on`, where there is one, is asked with the
// bytes copied so far; false ends the copy with an error of the kind `interrupted`. Wine 8.0 never
// asks.
//
// What else comes along is the system's choice: holes on some file systems, times and attributes on
// Windows. A copy that fails or is ended leaves a part of the file on Linux; Windows removes it.
Result<std::uint64_t> system_copy(const File& from, const std::string& to_path,
                                  const std::function<bool(std::uint64_t done)>& go_on);

}  // namespace aiobench::platform
