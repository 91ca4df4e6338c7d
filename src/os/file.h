// A file as the operating system sees it: opened by a UTF-8 path, read and written at an offset.
// Sources: open(2), pread(2), statx(2); CreateFileW, ReadFile, GetFileSizeEx in the Win32
// reference. No function here moves a file pointer. A File may be used by several threads at
// once, but is opened, moved and closed by one.
#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <string>
#include <vector>

#include "base/error.h"

namespace aiobench::os {

// A file descriptor on Linux, a HANDLE on Windows; -1 is no handle on both.
using NativeHandle = std::intptr_t;
inline constexpr NativeHandle kNoHandle = -1;

enum class Access { read, write, read_write };

struct OpenOptions {
  Access access = Access::read;
  bool create = false;        // make it; an existing file is an error
  bool owner_only = false;    // made so that nobody else may open it; no meaning on Windows
  bool direct = false;        // past the page cache: O_DIRECT, FILE_FLAG_NO_BUFFERING
  bool asynchronous = false;  // FILE_FLAG_OVERLAPPED; without meaning on Linux
  // Reads will jump about, so that reading ahead is a waste: POSIX_FADV_RANDOM, and MADV_RANDOM for
  // a mapping; FILE_FLAG_RANDOM_ACCESS.
  bool random = false;
};

// What one transfer did: `error` is 0 and `bytes` says how much, where 0 is the end of the file;
// or `error` is the system's code.
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

  // Opens a regular file or a block device; a directory, a pipe or a terminal is refused, as it has
  // no size and no offsets.
  static Result<File> open(const std::string& path, const OpenOptions& options);

  // Takes over a handle that the caller opened; `path` is only for messages.
  static File adopt(NativeHandle handle, std::string path);

  NativeHandle handle() const { return handle_; }
  const std::string& path() const { return path_; }
  bool is_open() const { return handle_ != kNoHandle; }
  // As it was opened: OpenOptions::random.
  bool is_random() const { return random_; }

  // The size in bytes now.
  Result<std::uint64_t> size() const;

  // What offset, length and memory address must be a multiple of in direct access, in bytes;
  // 4096 where the system does not tell.
  std::uint32_t direct_alignment() const;

  // One pread/pwrite, or one ReadFile/WriteFile on a handle that was not opened asynchronous.
  Transferred read_at(std::byte* data, std::uint32_t bytes, FileOffset offset) const;
  Transferred write_at(const std::byte* data, std::uint32_t bytes, FileOffset offset) const;

  Status resize(std::uint64_t bytes);
  // Sets the length and has the space allocated, so that a full disk is found before writing.
  Status reserve(std::uint64_t bytes);
  // Brings what was written to the device.
  Status flush();
  Status close();

 private:
  NativeHandle handle_ = kNoHandle;
  std::string path_;
  bool random_ = false;
};

// Where a file holds data, and where nothing but zeros that take no space ("holes"), so that a copy
// can be made with the same holes. Sources: lseek(2) on SEEK_DATA and SEEK_HOLE, fallocate(2);
// FSCTL_QUERY_ALLOCATED_RANGES and FSCTL_SET_SPARSE in the Win32 reference.

// A stretch that holds data, in bytes of the file.
struct Extent {
  FileOffset offset;
  std::uint64_t bytes;  // never 0
};

// The data among the first `file_bytes` bytes of `file`, in order; between the extents are holes,
// and zeros may count as data. Where the system does not tell, and for a file that has become
// shorter meanwhile, all of it is one extent: whoever reads it finds out. `file` is open for
// reading.
Result<std::vector<Extent>> data_extents(const File& file, std::uint64_t file_bytes);

// Sets the length of `file`, which is new and empty, to `file_bytes` and has the space of `extents`
// allocated, so that a full disk is found before writing; between them are holes. On Windows a file
// with holes gets its space only as it is written.
Status reserve_extents(File& file, const std::vector<Extent>& extents, std::uint64_t file_bytes);

// What a file has beside its content, carried over to a copy of it. Sources: fchown(2), fchmod(2),
// futimens(3), inode(7); SetFileInformationByHandle and FILE_BASIC_INFO in the Win32 reference.

// Gives `to` what `from` has now: the times of the last access and the last change, to the
// nanosecond (Windows: 100 ns) as far as the file system holds it; on Linux owner, group and
// permission bits, on Windows whether it is read-only, hidden, of the system, to be archived.
// Access control lists and extended attributes are not carried over.
//
// An owner or a group that this user may not give away is no error. Then the set-user-ID and
// set-group-ID bits are left out: they would lend another user's rights than they were made for.
//
// The last thing done to `to`, which is open for writing: writing afterwards changes its times, and
// without the right to write, or read-only, it cannot be opened again. It can still be renamed.
Status copy_attributes(const File& from, const File& to);

// The system's own call for copying a file, as what a copy of ours is compared with. Sources:
// copy_file_range(2), sendfile(2); CopyFileExW in the Win32 reference.

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

// Which process writes a file of a name that several may choose. A claim ends when the file is
// closed, however the process ends. Sources: flock(2); LockFileEx in the Win32 reference.

// Claims an open file; false if somebody else holds the claim, be it this process by another File.
// True where the file system has no such locks.
bool try_lock(const File& file);

// Whether `path` leads to this very file, and not to one that has taken its place.
bool is_at(const File& file, const std::string& path);

}  // namespace aiobench::os
