// Names in the file system: the program's own directories, and the few operations on whole files.
// Paths are UTF-8 on both systems.
#pragma once

#include <string>
#include <vector>

#include "base/error.h"

namespace aiobench::os {

// The directory for what the program can make again: $XDG_CACHE_HOME/aiobench or ~/.cache/aiobench,
// $AIOBENCH_CACHE_DIRECTORY or %LOCALAPPDATA%\aiobench\cache. It is created where missing.
Result<std::string> cache_directory();

// The directory that holds the running program.
std::string program_directory();

// `directory` and `name` with the system's separator between.
std::string join_path(const std::string& directory, const std::string& name);

// The last part of a path: a file's name without its directory. Empty after a separator.
std::string file_name(const std::string& path);

enum class PathKind {
  missing,
  file,  // a regular file
  directory,
  other,  // a device, a pipe
};

// What `path` leads to; links are followed.
PathKind kind_of(const std::string& path);
inline bool exists(const std::string& path) {
  return kind_of(path) != PathKind::missing;
}

// The names of the regular files in a directory, not of those in directories within it, in the
// order of their bytes. Links are followed.
Result<std::vector<std::string>> file_names_in(const std::string& directory);

// Whether both names lead to one existing file.
bool same_file(const std::string& a, const std::string& b);
// Where a symbolic link leads, or `path` itself.
std::string follow_links(const std::string& path);

Status make_directories(const std::string& path);
Status remove_file(const std::string& path);
// An empty one.
Status remove_directory(const std::string& path);
// The same for a file that this program has made, also where Windows holds it as read-only.
Status remove_own_file(const std::string& path);
// Replaces an existing `to` in one step.
Status rename_file(const std::string& from, const std::string& to);
// Brings the names in the directory that holds `path` to the device: a file made or renamed there
// keeps its name through a loss of power. Nothing on Windows, whose file systems keep a log of
// names. Source: fsync(2).
Status flush_directory_of(const std::string& path);

}  // namespace aiobench::os
