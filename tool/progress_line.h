// The line on stderr that shows, while a file is read, how much is done, how fast, and how long it
// will still take.
#pragma once

#include <cstdint>
#include <string>

#include "os/clock.h"
#include "tool/terminal_line.h"

namespace aiobench::tool {

class ProgressLine {
 public:
  // Writes nothing where `enabled` is false. The line goes when this does.
  ProgressLine(bool enabled, std::string name);

  void show(std::uint64_t done_bytes, std::uint64_t all_bytes);

 private:
  TerminalLine line_;
  std::string name_;
  platform::Ticks start_;
};

// The text of that line, at most `columns` wide: " 42 %  1.2 GiB of 2.9 GiB  3.1 GiB/s  0:07 left".
std::string progress_text(const std::string& name, std::uint64_t done_bytes,
                          std::uint64_t all_bytes, double seconds, unsigned columns);

}  // namespace aiobench::tool
