// Which process writes a file of a name that several may choose. A claim ends when the file is
// closed, however the process ends. Sources: flock(2); LockFileEx in the Win32 reference.
#pragma once

#include <string>

#include "os/file.h"

namespace aiobench::platform {

// Claims an open file; false if somebody else holds the claim, be it this process by another File.
// True where the file system has no such locks.
bool claim(const File& file);

// Whether `path` leads to this very file, and not to one that has taken its place.
bool is_at(const File& file, const std::string& path);

}  // namespace aiobench::platform
