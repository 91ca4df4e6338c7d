// What of platform/folder.h is the same on every system: whole files, through platform/file.h.
#include <fmt/format.h>

#include <algorithm>

#include "base/size.h"
#include "platform/file.h"
#include "platform/folder.h"
#include "platform/system_error.h"

namespace aiobench::platform {

Result<std::string> read_file(const std::string& path, std::uint64_t most) {
  Result<File> file = File::open(path, {});
  if (!file) return file.take_error();
  Result<std::uint64_t> size = file->size();
  if (!size) return size.take_error();
  std::string text;
  constexpr std::uint32_t kChunk = 1u << 20;
  for (;;) {
    if (text.size() > most) {
      Error error = usage_error("read", fmt::format("larger than {}", format_size(most)));
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

namespace {

std::string temporary_name(const std::string& path) {
  return path + ".aiobench-part";
}

// A leftover of a program that was killed is replaced: nothing else has such a name.
Result<File> create_temporary(const std::string& path) {
  const std::string temporary = temporary_name(path);
  if (exists(temporary)) {
    if (Status removed = remove_file(temporary); !removed) return removed.take_error();
  }
  return File::open(temporary, {.access = Access::write, .create = true});
}

}  // namespace

Status can_write(const std::string& path) {
  Result<File> file = create_temporary(path);
  if (!file) {
    Error error = file.take_error();
    error.path = path;
    return error;
  }
  if (Status closed = file->close(); !closed) return closed;
  return remove_file(temporary_name(path));
}

Status write_file(const std::string& path, const std::string& text) {
  const std::string temporary = temporary_name(path);
  Result<File> file = create_temporary(path);
  if (!file) return file.take_error();
  Status outcome;
  for (std::size_t at = 0; outcome && at < text.size();) {
    const auto chunk = static_cast<std::uint32_t>(std::min<std::size_t>(text.size() - at, kMiB));
    const Transferred put =
        file->write_at(reinterpret_cast<const std::byte*>(text.data()) + at, chunk, at);
    if (put.error != 0) outcome = system_error("write", path, put.error, at);
    at += put.bytes;
  }
  if (outcome) outcome = file->close();
  if (outcome) outcome = rename_file(temporary, path);
  if (!outcome) static_cast<void>(remove_file(temporary));
  return outcome;
}

}  // namespace aiobench::platform
