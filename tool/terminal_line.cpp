#include "tool/terminal_line.h"

#include <fmt/core.h>

#include <cstdio>

#include "os/console.h"

namespace aiobench::tool {
namespace {

// Whether anybody can read it makes no difference to the run.
void write(const std::string& text) {
  std::fputs(text.c_str(), stderr);
  std::fflush(stderr);
}

}  // namespace

unsigned TerminalLine::columns() const {
  return platform::terminal_columns() - 1;
}

void TerminalLine::show(const std::string& text) {
  if (!enabled_) return;
  write(fmt::format("\r{:<{}}", text, columns()));
  shown_ = true;
}

void TerminalLine::clear() {
  if (!shown_) return;
  write(fmt::format("\r{:{}}\r", "", columns()));
  shown_ = false;
}

}  // namespace aiobench::tool
