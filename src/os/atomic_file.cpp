#include "os/atomic_file.h"

#include <fmt/core.h>

#include <algorithm>
#include <utility>

#include "base/units.h"
#include "os/directory.h"
#include "os/file.h"
#include "os/system_error.h"

namespace aiobench::os {
namespace {

// The path of the temporary file. File systems limit a name to 255 bytes, so a long name is cut,
// between two UTF-8 characters, to leave room for the suffix.
std::string temporary_name(const std::string& path) {
  constexpr std::size_t kMaxNameBytes = 220;
  const std::size_t separator = path.find_last_of("/\\");
  const std::size_t start = separator == std::string::npos ? 0 : separator + 1;
  std::size_t end = std::min(path.size(), start + kMaxNameBytes);
  const auto inside_character = [&](std::size_t at) {
    return at < path.size() && (static_cast<unsigned char>(path[at]) & 0xc0u) == 0x80u;
  };
  while (end > start && inside_character(end)) --end;
  return path.substr(0, end) + ".aiobench-part";
}

Error in_use(const std::string& path) {
  Error error;
  error.operation = "write";
  error.path = path;
  error.cause = "another program is writing this file";
  error.hint = "wait until it ends, or choose another name";
  return error;
}

// Removes the temporary file of a killed process. A process that is still writing holds the file
// lock, so only the holder of the lock may remove the file.
Status remove_leftover(const std::string& temporary, const std::string& path) {
  const Result<File> left = File::open(temporary, {});
  if (left && (!try_lock(*left) || !is_at(*left, temporary))) return in_use(path);
  return remove_own_file(temporary);
}

Status write_all(const File& file, const std::string& text, const std::string& path) {
  for (std::size_t at = 0; at < text.size();) {
    const auto chunk = static_cast<std::uint32_t>(std::min<std::size_t>(text.size() - at, kMiB));
    const Transferred put =
        file.write_at(reinterpret_cast<const std::byte*>(text.data()) + at, chunk, at);
    if (put.error != 0) return system_error("write", path, put.error, at);
    at += put.bytes;
  }
  return {};
}

}  // namespace

Result<std::string> read_file(const std::string& path, std::uint64_t max) {
  Result<File> file = File::open(path, {});
  if (!file) return file.take_error();
  // If the size is known, the limit is checked before reading. Pipes and files in /proc have no
  // size.
  const Result<std::uint64_t> size = file->size();
  const bool known_too_large = size && *size > max;
  std::string text;
  constexpr std::uint32_t kChunk = 1u << 20;
  for (;;) {
    if (known_too_large || text.size() > max) {
      Error error =
          usage_error("read", fmt::format("the file is larger than {}", format_size(max)));
      error.path = path;
      return error;
    }
    const std::size_t at = text.size();
    text.resize(at + kChunk);
    const Transferred got =
        file->read_at(reinterpret_cast<std::byte*>(text.data()) + at, kChunk, at);
    text.resize(at + got.bytes);
    if (got.error != 0) return system_error("read", path, got.error, at);
    if (got.bytes == 0) return text;
  }
}

AtomicFile::AtomicFile(InterruptHold hold, std::string path, std::string temporary, File file,
                       File lock)
    : hold_(std::move(hold)),
      path_(std::move(path)),
      temporary_(std::move(temporary)),
      file_(std::move(file)),
      lock_(std::move(lock)) {}

Result<AtomicFile> AtomicFile::begin(const std::string& path, bool owner_only) {
  const std::string target = follow_links(path);
  const std::string temporary = temporary_name(target);
  if (kind_of(target) == PathKind::directory) {
    return File::open(target, {.access = Access::write}).take_error();
  }
  if (exists(temporary)) {
    if (Status removed = remove_leftover(temporary, path); !removed) return removed.take_error();
  }
  InterruptHold hold;
  Result<File> file =
      File::open(temporary, {.access = Access::write, .create = true, .owner_only = owner_only});
  if (!file) {
    Error error = file.take_error();
    error.operation = "write";
    error.path = path;
    return error;
  }
  // The lock is held through a descriptor of its own, which stays open until the file has been
  // renamed or removed. A process that found the file before it was locked has treated it as a
  // leftover.
  Result<File> lock = File::open(temporary, {});
  if (!lock || !try_lock(*lock) || !is_at(*lock, temporary)) return in_use(path);
  return AtomicFile(std::move(hold), target, temporary, file.take(), lock.take());
}

AtomicFile::AtomicFile(AtomicFile&& other) noexcept
    : hold_(std::move(other.hold_)),
      path_(std::move(other.path_)),
      temporary_(std::move(other.temporary_)),
      file_(std::move(other.file_)),
      lock_(std::move(other.lock_)) {}

AtomicFile::~AtomicFile() {
  discard();
}

void AtomicFile::discard() {
  if (!lock_.is_open()) return;
  static_cast<void>(file_.close());
  static_cast<void>(remove_own_file(temporary_));
  static_cast<void>(lock_.close());
}

Status AtomicFile::commit(bool durable) {
  Status outcome = file_.close();
  if (outcome) outcome = rename_file(temporary_, path_);
  if (!outcome) {
    discard();
    return outcome;
  }
  static_cast<void>(lock_.close());
  return durable ? flush_directory_of(path_) : Status();
}

Status can_write(const std::string& path) {
  if (kind_of(path) == PathKind::other) return {};
  Result<AtomicFile> attempt = AtomicFile::begin(path);
  if (!attempt) return attempt.take_error();
  return {};
}

Status write_file(const std::string& path, const std::string& text, bool durable) {
  if (kind_of(path) == PathKind::other) return write_through(path, text);
  Result<AtomicFile> next = AtomicFile::begin(path);
  if (!next) return next.take_error();
  if (Status written = write_all(next->file(), text, path); !written) return written;
  if (durable) {
    if (Status flushed = next->file().flush(); !flushed) return flushed;
  }
  return next->commit(durable);
}

}  // namespace aiobench::os
