#include "tool/progress_line.h"

#include <fmt/core.h>

#include "base/error.h"
#include "base/units.h"

namespace aiobench::tool {

ProgressLine::ProgressLine(bool enabled, std::string name)
    : line_(enabled), name_(std::move(name)), start_(platform::now_ticks()) {}

void ProgressLine::show(std::uint64_t done_bytes, std::uint64_t all_bytes) {
  if (!line_.enabled()) return;
  const double seconds = platform::ticks_to_seconds(platform::now_ticks() - start_);
  line_.show(progress_text(name_, done_bytes, all_bytes, seconds, line_.columns()));
}

std::string progress_text(const std::string& name, std::uint64_t done_bytes,
                          std::uint64_t all_bytes, double seconds, unsigned columns) {
  const double share =
      all_bytes == 0 ? 1.0 : static_cast<double>(done_bytes) / static_cast<double>(all_bytes);
  const double rate = seconds > 0 ? static_cast<double>(done_bytes) / seconds : 0.0;
  std::string text = fmt::format("{:3.0f} %  {} of {}", share * 100, format_size(done_bytes),
                                 format_size(all_bytes));
  if (done_bytes > 0 && rate > 0) {
    const auto left =
        static_cast<std::uint64_t>(static_cast<double>(all_bytes - done_bytes) / rate);
    text += fmt::format("  {}/s  {}:{:02} left", format_size(static_cast<std::uint64_t>(rate)),
                        left / 60, left % 60);
  }
  // The name comes whole or not at all: cut, it could end inside a character.
  const std::string shown = "  " + printable(name);
  if (text.size() + shown.size() <= columns) text += shown;
  return text.substr(0, columns);
}

}  // namespace aiobench::tool
