// Directories, paths and operations on whole files by name. Paths are UTF-8 on both systems.
#pragma once

#include <string>
#include <vector>

#include "base/error.h"

namespace aiobench::os {

// The directory for files that the program can create again: $XDG_CACHE_HOME/aiobench or
// ~/.cache/aiobench on Linux; $AIOBENCH_CACHE_DIRECTORY or %LOCALAPPDATA%\aiobench\cache on
// Windows. It is created if missing.
Result<std::string> cache_directory();

// The directory that holds the running program.
std::string program_directory();

// Joins `directory` and `name` with the separator of the system.
std::string join_path(const std::string& directory, const std::string& name);

// The last component of a path: the name of a file without its directory. Empty if the path ends
// with a separator.
std::string file_name(const std::string& path);

enum class PathKind {
  missing,
  file,  // a regular file
  directory,
  other,  // a device, a pipe
};

// The kind of the file at `path`. Links are followed.
PathKind kind_of(const std::string& path);
inline bool exists(const std::string& path) {
  return kind_of(path) != PathKind::missing;
}

// The names of the regular files directly in a directory, sorted by byte value. Links are followed.
Result<std::vector<std::string>> file_names_in(const std::string& directory);

// Whether both paths lead to the same existing file.
bool same_file(const std::string& a, const std::string& b);
// The target of the symbolic link `path`, or `path` itself if it is not a link.
std::string follow_links(const std::string& path);

Status make_directories(const std::string& path);
Status remove_file(const std::string& path);
// Removes an empty directory.
Status remove_directory(const std::string& path);
// Removes a file that this program created, also if it has the Windows attribute "read-only".
Status remove_own_file(const std::string& path);
// Renames `from` to `to`. An existing `to` is replaced in one step.
Status rename_file(const std::string& from, const std::string& to);
// Flushes the directory that holds `path`, so that a file created or renamed there keeps its name
// after a power loss. Does nothing on Windows, whose file systems journal names. Source: fsync(2).
Status flush_directory_of(const std::string& path);

}  // namespace aiobench::os
