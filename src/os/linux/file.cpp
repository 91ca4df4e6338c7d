#include "os/file.h"

#include <fcntl.h>
#include <linux/fs.h>
#include <sys/ioctl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <utility>

#include "os/system_error.h"

namespace aiobench::platform {
namespace {

int descriptor(NativeHandle handle) {
  return static_cast<int>(handle);
}

int open_flags(const OpenOptions& options) {
  int flags = O_CLOEXEC;
  switch (options.access) {
    case Access::read:
      flags |= O_RDONLY;
      break;
    case Access::write:
      flags |= O_WRONLY;
      break;
    case Access::read_write:
      flags |= O_RDWR;
      break;
  }
  if (options.create) flags |= O_CREAT | O_EXCL;
  if (options.direct) flags |= O_DIRECT;
  // A pipe without a writer must not make open() wait; regular files ignore the flag.
  return flags | O_NONBLOCK;
}

Error refuse_kind(const std::string& path, mode_t mode) {
  Error error = system_error("open", path, S_ISDIR(mode) ? EISDIR : ESPIPE);
  if (!S_ISDIR(mode)) {
    error.cause = "not a regular file or a block device";
    error.hint = "aiobench reads at offsets, so it needs a file that has a size";
  }
  return error;
}

Error explain_open(const std::string& path, const OpenOptions& options, int code) {
  Error error = system_error("open", path, code);
  if (code == EINVAL && options.direct) {
    error.cause = "this file system has no direct access (O_DIRECT)";
    error.hint = "use --cache cold, or a file on another file system";
  }
  struct stat facts {};
  if (code == ENXIO && ::stat(path.c_str(), &facts) == 0 && !S_ISBLK(facts.st_mode)) {
    return refuse_kind(path, facts.st_mode);  // a socket
  }
  return error;
}

}  // namespace

File::File(File&& other) noexcept
    : handle_(std::exchange(other.handle_, kNoHandle)),
      path_(std::move(other.path_)),
      random_(other.random_) {}

File& File::operator=(File&& other) noexcept {
  std::swap(handle_, other.handle_);
  std::swap(path_, other.path_);
  std::swap(random_, other.random_);
  return *this;
}

File::~File() {
  if (is_open()) ::close(descriptor(handle_));
}

Result<File> File::open(const std::string& path, const OpenOptions& options) {
  const mode_t mode = options.owner_only ? 0600 : 0666;
  const int fd = ::open(path.c_str(), open_flags(options), mode);
  if (fd < 0) return explain_open(path, options, errno);
  File file = adopt(fd, path);
  struct stat facts {};
  if (::fstat(fd, &facts) != 0) return system_error("examine", path, errno);
  if (!S_ISREG(facts.st_mode) && !S_ISBLK(facts.st_mode)) return refuse_kind(path, facts.st_mode);
  file.random_ = options.random;
  if (options.random) ::posix_fadvise(fd, 0, 0, POSIX_FADV_RANDOM);  // a wish: no failure
  return file;
}

File File::adopt(NativeHandle handle, std::string path) {
  File file;
  file.handle_ = handle;
  file.path_ = std::move(path);
  return file;
}

Result<std::uint64_t> File::size() const {
  struct stat facts {};
  if (::fstat(descriptor(handle_), &facts) != 0) return system_error("examine", path_, errno);
  if (!S_ISBLK(facts.st_mode)) return static_cast<std::uint64_t>(facts.st_size);
  std::uint64_t bytes = 0;
  if (::ioctl(descriptor(handle_), BLKGETSIZE64, &bytes) != 0) {
    return system_error("ask the size of", path_, errno);
  }
  return bytes;
}

std::uint32_t File::direct_alignment() const {
  constexpr std::uint32_t kSafe = 4096;
#ifdef STATX_DIOALIGN
  struct statx facts {};
  if (::statx(descriptor(handle_), "", AT_EMPTY_PATH, STATX_DIOALIGN, &facts) == 0 &&
      (facts.stx_mask & STATX_DIOALIGN) != 0 && facts.stx_dio_offset_align != 0) {
    return std::max(facts.stx_dio_offset_align, facts.stx_dio_mem_align);
  }
#endif
  int sector_bytes = 0;
  if (::ioctl(descriptor(handle_), BLKSSZGET, &sector_bytes) == 0 && sector_bytes > 0) {
    return static_cast<std::uint32_t>(sector_bytes);
  }
  return kSafe;
}

Transferred File::read_at(std::byte* data, std::uint32_t bytes, FileOffset offset) const {
  for (;;) {
    const ssize_t got = ::pread(descriptor(handle_), data, bytes, static_cast<off_t>(offset));
    if (got >= 0) return {static_cast<std::uint32_t>(got), 0};
    if (errno != EINTR) return {0, errno};
  }
}

Transferred File::write_at(const std::byte* data, std::uint32_t bytes, FileOffset offset) const {
  for (;;) {
    const ssize_t put = ::pwrite(descriptor(handle_), data, bytes, static_cast<off_t>(offset));
    if (put >= 0) return {static_cast<std::uint32_t>(put), 0};
    if (errno != EINTR) return {0, errno};
  }
}

Status File::resize(std::uint64_t bytes) {
  if (::ftruncate(descriptor(handle_), static_cast<off_t>(bytes)) == 0) return {};
  return system_error("set the length of", path_, errno);
}

Status File::reserve(std::uint64_t bytes) {
  if (bytes > static_cast<std::uint64_t>(INT64_MAX)) {
    return system_error("set the length of", path_, EFBIG);
  }
  if (bytes == 0 || ::fallocate(descriptor(handle_), 0, 0, static_cast<off_t>(bytes)) == 0) {
    return {};
  }
  // Not every file system can: then the disk may still be found full while writing.
  if (errno == EOPNOTSUPP) return resize(bytes);
  return system_error("reserve space for", path_, errno);
}

Status File::flush() {
  if (::fsync(descriptor(handle_)) == 0) return {};
  return system_error("flush", path_, errno);
}

Status File::close() {
  if (!is_open() || ::close(descriptor(std::exchange(handle_, kNoHandle))) == 0) return {};
  return system_error("close", path_, errno);
}

}  // namespace aiobench::platform
