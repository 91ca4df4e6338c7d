// What of platform/folder.h is the same on every system: whole files, through platform/file.h.
#include <fmt/format.h>

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
    const Transferred got = file->read_at(reinterpret_cast<std::byte*>(text.data()) + at, kChunk, at);
    text.resize(at + got.bytes);
    if (got.error != 0) return system_error("read", path, got.error, at);
    if (got.bytes == 0) return text;
  }
}

Status write_file(const std::string& path, const std::string& text) {
  const std::string temporary = path + ".aiobench-part";
  if (exists(temporary)) {
    if (Status removed = remove_file(temporary); !removed) return removed;
  }
  Result<File> file = File::open(temporary, {.access = Access::write, .create = true});
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
