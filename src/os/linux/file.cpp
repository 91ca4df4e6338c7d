#include "os/file.h"

#include <fcntl.h>
#include <linux/fs.h>
#include <sys/file.h>
#include <sys/ioctl.h>
#include <sys/sendfile.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <string>
#include <utility>

#include "base/error.h"
#include "base/units.h"
#include "os/console.h"
#include "os/system_error.h"

namespace aiobench::os {
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
  // Without it, open() would wait for the writer of a pipe. Regular files ignore the flag.
  return flags | O_NONBLOCK;
}

Error refuse_kind(const std::string& path, mode_t mode) {
  Error error = system_error("open", path, S_ISDIR(mode) ? EISDIR : ESPIPE);
  if (!S_ISDIR(mode)) {
    error.cause = "not a regular file or a block device";
    error.hint = "choose a file that has a size: aiobench reads at offsets";
  }
  return error;
}

Error explain_open(const std::string& path, const OpenOptions& options, int code) {
  Error error = system_error("open", path, code);
  if (code == EINVAL && options.direct) {
    error.cause = "this file system does not support direct access, O_DIRECT";
    error.hint = "use --cache cold, or a file on another file system";
  }
  struct stat info {};
  if (code == ENXIO && ::stat(path.c_str(), &info) == 0 && !S_ISBLK(info.st_mode)) {
    return refuse_kind(path, info.st_mode);  // a socket
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
  struct stat info {};
  if (::fstat(fd, &info) != 0) return system_error("examine", path, errno);
  if (!S_ISREG(info.st_mode) && !S_ISBLK(info.st_mode)) return refuse_kind(path, info.st_mode);
  file.random_ = options.random;
  if (options.random) ::posix_fadvise(fd, 0, 0, POSIX_FADV_RANDOM);  // only a hint
  return file;
}

File File::adopt(NativeHandle handle, std::string path) {
  File file;
  file.handle_ = handle;
  file.path_ = std::move(path);
  return file;
}

Result<std::uint64_t> File::size() const {
  struct stat info {};
  if (::fstat(descriptor(handle_), &info) != 0) return system_error("examine", path_, errno);
  if (!S_ISBLK(info.st_mode)) return static_cast<std::uint64_t>(info.st_size);
  std::uint64_t bytes = 0;
  if (::ioctl(descriptor(handle_), BLKGETSIZE64, &bytes) != 0) {
    return system_error("get the size of", path_, errno);
  }
  return bytes;
}

std::uint32_t File::direct_alignment() const {
  constexpr std::uint32_t kSafe = 4096;
#ifdef STATX_DIOALIGN
  struct statx info {};
  if (::statx(descriptor(handle_), "", AT_EMPTY_PATH, STATX_DIOALIGN, &info) == 0 &&
      (info.stx_mask & STATX_DIOALIGN) != 0 && info.stx_dio_offset_align != 0) {
    return std::max(info.stx_dio_offset_align, info.stx_dio_mem_align);
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
  // Not supported by every file system; a full disk is then detected only while writing.
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

namespace {

// A separate descriptor, because lseek() moves the file pointer. It is opened through /proc because
// the file may have been renamed since. It is not open if there is no /proc.
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
    if (data < 0 && errno == ENXIO) break;  // only a hole follows
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
    // Not supported by every file system; a full disk is then detected only while writing.
    if (code == EOPNOTSUPP) return {};
    if (code != 0) return system_error("reserve space for", file.path(), code, extent.offset);
  }
  return {};
}

namespace {

constexpr mode_t kPermissions = 07777;
constexpr uid_t kSameOwner = static_cast<uid_t>(-1);

int descriptor(const File& file) {
  return static_cast<int>(file.handle());
}

// EINVAL: the owner is not mapped in this user namespace.
bool may_not(int code) {
  return code == EPERM || code == EINVAL;
}

// Gives `to` the owner and the group of `from`; returns whether it now has both. If that is not
// permitted, the group is tried alone: a user may give a file to a group that he is a member of.
Result<bool> keep_owner(const struct stat& from, const File& to) {
  struct stat now {};
  if (::fstat(descriptor(to), &now) != 0) return system_error("examine", to.path(), errno);
  if (now.st_uid == from.st_uid && now.st_gid == from.st_gid) return true;
  if (::fchown(descriptor(to), from.st_uid, from.st_gid) == 0) return true;
  if (!may_not(errno)) return system_error("set the owner of", to.path(), errno);
  if (::fchown(descriptor(to), kSameOwner, from.st_gid) == 0) return now.st_uid == from.st_uid;
  if (!may_not(errno)) return system_error("set the group of", to.path(), errno);
  return false;
}

}  // namespace

// The times are set first: after a change of owner this user may lose the right to set them, and
// owner and bits do not affect them. The bits are set last: a change of owner clears some of them.
Status copy_attributes(const File& from, const File& to) {
  struct stat info {};
  if (::fstat(descriptor(from), &info) != 0) return system_error("examine", from.path(), errno);
  const timespec times[] = {info.st_atim, info.st_mtim};
  if (::futimens(descriptor(to), times) != 0) {
    return system_error("set the times of", to.path(), errno);
  }
  const Result<bool> owner_kept = keep_owner(info, to);
  if (!owner_kept) return owner_kept.error();
  mode_t bits = info.st_mode & kPermissions;
  if (!*owner_kept) bits &= ~static_cast<mode_t>(S_ISUID | S_ISGID);
  if (::fchmod(descriptor(to), bits) == 0) return {};
  return system_error("set the permissions of", to.path(), errno);
}

namespace {

constexpr std::size_t kPiece = 64 * kMiB;

using Call = ssize_t (*)(int from, int to, FileOffset offset);

// Neither function moves the file pointer of `from`. sendfile() writes at the file pointer of `to`,
// which no other code uses.
ssize_t by_range(int from, int to, FileOffset offset) {
  auto in = static_cast<off_t>(offset);
  auto out = static_cast<off_t>(offset);
  return ::copy_file_range(from, &in, to, &out, kPiece, 0);
}

ssize_t by_sendfile(int from, int to, FileOffset offset) {
  auto in = static_cast<off_t>(offset);
  return ::sendfile(to, from, &in, kPiece);
}

// copy_file_range() does not support these two files, or this kernel lacks it. A result of 0 counts
// too: the kernel returns it for files that have content but no size, such as those in /proc.
bool cannot(ssize_t moved) {
  return moved == 0 || (moved < 0 && (errno == EXDEV || errno == EINVAL || errno == EOPNOTSUPP ||
                                      errno == ENOSYS));
}

}  // namespace

Result<std::uint64_t> system_copy(const File& from, const std::string& to_path,
                                  const std::function<bool(std::uint64_t done)>& go_on) {
  Result<File> to = File::open(to_path, {.access = Access::write});
  if (!to) return to.take_error();
  Call call = by_range;
  for (std::uint64_t done = 0;;) {
    const ssize_t moved =
        call(static_cast<int>(from.handle()), static_cast<int>(to->handle()), done);
    if (moved < 0 && errno == EINTR) continue;
    if (call == by_range && done == 0 && cannot(moved)) {
      call = by_sendfile;
      continue;
    }
    if (moved < 0) return system_error("copy", from.path(), errno, done);
    if (moved == 0) {
      if (Status closed = to->close(); !closed) return closed.take_error();
      return done;
    }
    done += static_cast<std::uint64_t>(moved);
    if (go_on && !go_on(done)) return interrupted_error("only a part of the file was copied");
  }
}

bool try_lock(const File& file) {
  return ::flock(static_cast<int>(file.handle()), LOCK_EX | LOCK_NB) == 0 || errno != EWOULDBLOCK;
}

bool is_at(const File& file, const std::string& path) {
  struct stat ours {};
  struct stat there {};
  return ::fstat(static_cast<int>(file.handle()), &ours) == 0 &&
         ::lstat(path.c_str(), &there) == 0 && ours.st_dev == there.st_dev &&
         ours.st_ino == there.st_ino;
}

}  // namespace aiobench::os
