// A file as the operating system sees it: opened by a UTF-8 path, read and written at an offset.
// Sources: open(2), pread(2), statx(2); CreateFileW, ReadFile, GetFileSizeEx in the Win32
// reference. No function here moves a file pointer. A File may be used by several threads at
// once, but is opened, moved and closed by one.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>

#include "base/error.h"

namespace aiobench::platform {

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

  // Opens a regular file or a block device; a folder, a pipe or a terminal is refused, as it has
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

}  // namespace aiobench::platform
