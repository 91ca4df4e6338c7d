#include "os/extents.h"

#include <fcntl.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <string>

#include "base/check.h"
#include "os/system_error.h"

namespace aiobench::platform {
namespace {

// A handle of its own, as lseek() moves the file pointer. By /proc, as the file may have been
// renamed since it was opened; where there is no /proc it is not open.
File open_again(const File& file) {
  const std::string link = "/proc/self/fd/" + std::to_string(file.handle());
  const int fd = ::open(link.c_str(), O_RDONLY | O_CLOEXEC | O_NONBLOCK);
  return File::adopt(fd < 0 ? kNoHandle : fd, file.path());
}

off_t seek(const File& file, FileOffset offset, int whence) {
  return ::lseek(static_cast<int>(file.handle()), static_cast<off_t>(offset), whence);
}

// 0, or the system's code.
int allocate(const File& file, const Extent& extent) {
  const auto offset = static_cast<off_t>(extent.offset);
  const auto bytes = static_cast<off_t>(extent.bytes);
  for (;;) {
    if (::fallocate(static_cast<int>(file.handle()), 0, offset, bytes) == 0) return 0;
    if (errno != EINTR) return errno;
  }
}

}  // namespace

Result<std::vector<Extent>> data_extents(const File& file, std::uint64_t file_bytes) {
  std::vector<Extent> extents;
  if (file_bytes == 0) return extents;
  const std::vector<Extent> whole = {{0, file_bytes}};
  const File own = open_again(file);
  if (!own.is_open()) return whole;
  const off_t end = seek(own, 0, SEEK_END);
  if (end < 0 || static_cast<std::uint64_t>(end) < file_bytes) return whole;
  for (FileOffset at = 0; at < file_bytes;) {
    const off_t data = seek(own, at, SEEK_DATA);
    if (data < 0 && errno == ENXIO) break;  // nothing but a hole follows
    const off_t hole = data < 0 ? data : seek(own, static_cast<FileOffset>(data), SEEK_HOLE);
    if (hole < 0 && (errno == EINVAL || errno == EOPNOTSUPP || errno == ENXIO)) return whole;
    if (hole < 0) return system_error("look for holes in", file.path(), errno, at);
    const auto begin = static_cast<FileOffset>(data);
    if (begin >= file_bytes) break;
    at = std::min(static_cast<FileOffset>(hole), file_bytes);
    if (begin < at) extents.push_back({begin, at - begin});
  }
  return extents;
}

Status reserve_extents(File& file, const std::vector<Extent>& extents, std::uint64_t file_bytes) {
  if (file_bytes > static_cast<std::uint64_t>(INT64_MAX)) {
    return system_error("set the length of", file.path(), EFBIG);
  }
  if (Status resized = file.resize(file_bytes); !resized) return resized;
  for (const Extent& extent : extents) {
    AIOBENCH_CHECK(extent.offset <= file_bytes && extent.bytes <= file_bytes - extent.offset);
    const int code = allocate(file, extent);
    // Not every file system can: then the disk may still be found full while writing.
    if (code == EOPNOTSUPP) return {};
    if (code != 0) return system_error("reserve space for", file.path(), code, extent.offset);
  }
  return {};
}

}  // namespace aiobench::platform
