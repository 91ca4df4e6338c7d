// A file, opened by a UTF-8 path, read and written at an offset. No function here moves a file
// pointer. Several threads may use a File at once; opening, moving and closing it is not
// thread-safe. Sources: open(2), pread(2), statx(2); CreateFileW, ReadFile, GetFileSizeEx in the
// Win32 reference.
#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <string>
#include <vector>

#include "base/error.h"

namespace aiobench::os {

// A file descriptor on Linux, a HANDLE on Windows. -1 is invalid on both.
using NativeHandle = std::intptr_t;
inline constexpr NativeHandle kNoHandle = -1;

enum class Access { read, write, read_write };

struct OpenOptions {
  Access access = Access::read;
  bool create = false;        // create the file; an existing one is an error
  bool owner_only = false;    // create it with permissions for the owner only; Linux only
  bool direct = false;        // bypass the page cache: O_DIRECT, FILE_FLAG_NO_BUFFERING
  bool asynchronous = false;  // FILE_FLAG_OVERLAPPED; ignored on Linux
  // Accesses will be random, so readahead would be wasted: POSIX_FADV_RANDOM, and MADV_RANDOM for a
  // mapping; FILE_FLAG_RANDOM_ACCESS.
  bool random = false;
};

// The result of one transfer. On success `error` is 0 and `bytes` is the number of bytes
// transferred; 0 bytes is the end of the file. On failure `error` is errno or GetLastError().
struct Transferred {
  std::uint32_t bytes = 0;
  int error = 0;
};

class File {
 public:
  File() = default;
  File(File&& other) noexcept;
  File& operator=(File&& other) noexcept;
  ~File();

  // Opens a regular file or a block device. Directories, pipes and terminals are refused: they have
  // no size and no offsets.
  static Result<File> open(const std::string& path, const OpenOptions& options);

  // Takes ownership of a handle that the caller opened. `path` is used only in messages.
  static File adopt(NativeHandle handle, std::string path);

  NativeHandle handle() const { return handle_; }
  const std::string& path() const { return path_; }
  bool is_open() const { return handle_ != kNoHandle; }
  // The value of OpenOptions::random at opening.
  bool is_random() const { return random_; }

  // The current size in bytes.
  Result<std::uint64_t> size() const;

  // The alignment in bytes that direct access requires of offset, length and memory address. 4096
  // if the system does not report it.
  std::uint32_t direct_alignment() const;

  // One pread() or pwrite(), or one ReadFile() or WriteFile() on a handle opened without
  // `asynchronous`.
  Transferred read_at(std::byte* data, std::uint32_t bytes, FileOffset offset) const;
  Transferred write_at(const std::byte* data, std::uint32_t bytes, FileOffset offset) const;

  Status resize(std::uint64_t bytes);
  // Sets the length and allocates the space, so that a full disk is detected before writing.
  Status reserve(std::uint64_t bytes);
  // Flushes written data to the device.
  Status flush();
  Status close();

 private:
  NativeHandle handle_ = kNoHandle;
  std::string path_;
  bool random_ = false;
};

// A range of a file that holds data, in bytes. The ranges between extents are holes: zeros that
// take no space. A copy can reproduce them. Sources: lseek(2) on SEEK_DATA and SEEK_HOLE,
// fallocate(2); FSCTL_QUERY_ALLOCATED_RANGES and FSCTL_SET_SPARSE in the Win32 reference.
struct Extent {
  FileOffset offset;
  std::uint64_t bytes;  // never 0
};

// The extents within the first `file_bytes` bytes of `file`, in order. Zeros may count as data. If
// the system does not report extents, or the file has become shorter, the whole range is one
// extent; a read then finds the missing part. `file` must be open for reading.
Result<std::vector<Extent>> data_extents(const File& file, std::uint64_t file_bytes);

// Sets the length of `file`, which must be new and empty, to `file_bytes` and allocates the space
// of `extents`, so that a full disk is detected before writing. On Windows, a file with holes gets
// its space only when it is written.
Status reserve_extents(File& file, const std::vector<Extent>& extents, std::uint64_t file_bytes);

// Copies times, permissions and attributes from `from` to `to`:
// - The times of last access and last modification, in nanoseconds (Windows: 100 ns), as far as the
//   file system stores them.
// - Linux: owner, group and permission bits.
// - Windows: the attributes read-only, hidden, system and archive.
//
// Access control lists and extended attributes are not copied.
//
// If this user may not set the owner or the group, that is not an error. The set-user-ID and
// set-group-ID bits are then cleared: they would grant the rights of another user.
//
// Call it last on `to`, which must be open for writing: later writes change its times, and a
// read-only file cannot be opened for writing again. It can still be renamed. Sources: fchown(2),
// fchmod(2), futimens(3), inode(7); SetFileInformationByHandle and FILE_BASIC_INFO in the Win32
// reference.
Status copy_attributes(const File& from, const File& to);

// Copies all of `from` into the existing, empty file at `to_path` with the system's own copy call,
// and returns the number of bytes copied. It is the baseline for the program's own copy. No other
// handle of `to_path` may be open.
//
// The calling thread copies in pieces of at most 64 MiB; Windows chooses the size itself. After
// each piece `go_on`, if set, is called with the bytes copied so far. If it returns false, the copy
// ends with an error of the kind `interrupted`. Wine 8.0 never calls it.
//
// The system decides what else is copied: holes on some file systems, times and attributes on
// Windows. After a failed or interrupted copy, Linux leaves a partial file and Windows removes it.
// Sources: copy_file_range(2), sendfile(2); CopyFileExW in the Win32 reference.
Result<std::uint64_t> system_copy(const File& from, const std::string& to_path,
                                  const std::function<bool(std::uint64_t done)>& go_on);

// Takes an advisory lock on an open file, without waiting. It keeps two processes from writing the
// same temporary file. Returns false if another File holds the lock, in this or another process;
// true if the file system does not support such locks. The lock ends when the file is closed, also
// when the process is killed. Sources: flock(2); LockFileEx in the Win32 reference.
bool try_lock(const File& file);

// Whether `path` still leads to this file, and not to another one of the same name.
bool is_at(const File& file, const std::string& path);

}  // namespace aiobench::os
