// Reading a whole file into memory, and replacing a file in one step. Readers see either the old or
// the new version, and a failure leaves the old one in place.
#pragma once

#include <cstdint>
#include <string>

#include "base/error.h"
#include "os/console.h"
#include "os/file.h"

namespace aiobench::os {

// Reads the whole file. A file of more than `max` bytes is an error.
Result<std::string> read_file(const std::string& path, std::uint64_t max);

// A new version of the file `path`, written to a temporary file beside it ("NAME.aiobench-part").
// commit() renames it to `path`. Without a successful commit() the temporary file is removed, also
// when an interrupt ends the process. Not thread-safe.
class AtomicFile {
 public:
  // Creates the temporary file. If `path` is a symbolic link, the file that it leads to is
  // replaced, not the link. A temporary file that a killed process left behind is removed. It is an
  // error if another process is writing it.
  //
  // `owner_only`: only the owner may open the file until copy_attributes() or another call changes
  // its permissions.
  static Result<AtomicFile> begin(const std::string& path, bool owner_only = false);
  AtomicFile(AtomicFile&& other) noexcept;
  AtomicFile& operator=(AtomicFile&& other) = delete;
  ~AtomicFile();

  // Open for writing.
  File& file() { return file_; }
  // The path of the temporary file, for callers that open it themselves.
  const std::string& temporary() const { return temporary_; }
  // Renames the temporary file to `path`. Call at most once. `durable`: also flushes the directory,
  // so that the new name survives a power loss; the caller flushes the content before. If only this
  // flush fails, the error is returned and the new version stays in place.
  Status commit(bool durable = false);

 private:
  AtomicFile(InterruptHold hold, std::string path, std::string temporary, File file, File lock);
  void discard();

  InterruptHold hold_;  // the first member, so that it is destroyed last
  std::string path_;
  std::string temporary_;
  File file_;
  File lock_;  // holds the file lock; open as long as this object must remove the file
};

// Checks that write_file() could write `path`, without changing it. A program calls this before a
// long run, so that it fails early.
Status can_write(const std::string& path);

// Creates or replaces the file. A device or a pipe is written in place. `durable`: returns when
// content and name are on the device.
Status write_file(const std::string& path, const std::string& text, bool durable = false);

// Writes to an existing file in place. For devices and pipes, which cannot be replaced.
Status write_through(const std::string& path, const std::string& text);

}  // namespace aiobench::os
