#include "os/claim.h"

#include <sys/file.h>
#include <sys/stat.h>

#include <cerrno>

namespace aiobench::platform {

bool claim(const File& file) {
  return ::flock(static_cast<int>(file.handle()), LOCK_EX | LOCK_NB) == 0 || errno != EWOULDBLOCK;
}

bool is_at(const File& file, const std::string& path) {
  struct stat ours {};
  struct stat there {};
  return ::fstat(static_cast<int>(file.handle()), &ours) == 0 &&
         ::lstat(path.c_str(), &there) == 0 && ours.st_dev == there.st_dev &&
         ours.st_ino == there.st_ino;
}

}  // namespace aiobench::platform
