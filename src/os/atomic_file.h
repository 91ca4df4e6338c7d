// Files as a whole: read into memory, or replaced in one step, so that no reader ever sees half of
// one and a failure leaves the old one as it was.
#pragma once

#include <cstdint>
#include <string>

#include "base/error.h"
#include "os/console.h"
#include "os/file.h"

namespace aiobench::os {

// The whole file; more than `most` bytes are an error.
Result<std::string> read_file(const std::string& path, std::uint64_t most);

// A new version of `path`, written under a temporary name beside it ("NAME.aiobench-part").
// Unless commit() succeeds it is removed again, also where an interrupt ends the process. One
// thread at a time.
class AtomicFile {
 public:
  // A link is followed: what it leads to is replaced, not the link. What a program that was killed
  // has left under the temporary name is removed; if one is still writing it, that is an error.
  // `owner_only`: nobody else may open it until that is changed (platform/attributes.h).
  static Result<AtomicFile> begin(const std::string& path, bool owner_only = false);
  AtomicFile(AtomicFile&& other) noexcept;
  AtomicFile& operator=(AtomicFile&& other) = delete;
  ~AtomicFile();

  // Open for writing.
  File& file() { return file_; }
  // The temporary name, for those who open it their own way.
  const std::string& temporary() const { return temporary_; }
  // Puts the new version in the old one's place. Once. `durable`: it returns when the new name is
  // on the device too; what was written is for the caller to flush, before. A failure of that alone
  // leaves the new version in place.
  Status commit(bool durable = false);

 private:
  AtomicFile(InterruptHold hold, std::string path, std::string temporary, File file, File claim);
  void discard();

  InterruptHold hold_;  // the first member, so that it is destroyed last
  std::string path_;
  std::string temporary_;
  File file_;
  File lock_;  // open as long as the temporary file is ours to remove
};

// Whether write_file() would succeed, as far as can be told without touching `path`: known before
// a long run rather than after it.
Status can_write(const std::string& path);

// Replaces the file, or makes it. Into a device or a pipe `text` is written as it is. `durable`: it
// returns when text and name are on the device.
Status write_file(const std::string& path, const std::string& text, bool durable = false);

// Writes into what is there. For what is no regular file, and so cannot be replaced.
Status write_through(const std::string& path, const std::string& text);

}  // namespace aiobench::os
