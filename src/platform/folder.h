// Names in the file system: the program's own folders, and the few operations on whole files.
// Paths are UTF-8 on both systems.
#pragma once

#include <cstdint>
#include <string>

#include "base/error.h"

namespace aiobench::platform {

// The folder for what the program can make again: $XDG_CACHE_HOME/aiobench or ~/.cache/aiobench,
// %LOCALAPPDATA%\aiobench\cache. It is created where missing.
Result<std::string> cache_folder();

// The folder that holds the running program.
std::string program_folder();

// `folder` and `name` with the system's separator between.
std::string join_path(const std::string& folder, const std::string& name);

bool exists(const std::string& path);
Status make_folders(const std::string& path);
Status remove_file(const std::string& path);
// Replaces an existing `to` in one step.
Status rename_file(const std::string& from, const std::string& to);

// The whole file; at most `most` bytes, or an error.
Result<std::string> read_file(const std::string& path, std::uint64_t most);
// Whether write_file() would succeed, as far as can be told without writing: known before a long
// run rather than after it.
Status can_write(const std::string& path);
// Writes to a temporary name and renames over, so that no reader sees half a file.
Status write_file(const std::string& path, const std::string& text);

}  // namespace aiobench::platform
