// A line on stderr that is written anew in place: what a program is doing at this moment.
#pragma once

#include <string>

namespace aiobench::tool {

class TerminalLine {
 public:
  // Writes nothing where `enabled` is false.
  explicit TerminalLine(bool enabled) : enabled_(enabled) {}
  ~TerminalLine() { clear(); }
  TerminalLine(const TerminalLine&) = delete;
  TerminalLine& operator=(const TerminalLine&) = delete;

  bool enabled() const { return enabled_; }
  // How many columns `text` may have.
  unsigned columns() const;
  void show(const std::string& text);
  // Takes the line away, so that something else can be printed.
  void clear();

 private:
  bool enabled_;
  bool shown_ = false;
};

}  // namespace aiobench::tool
