// Standard output, where a command's result goes. A failure to write (a full disk, a closed pipe)
// is remembered, and told at the end: output that was lost must not end in exit code 0.
#pragma once

#include <fmt/core.h>

#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <utility>

#include "base/error.h"
#include "base/log.h"
#include "base/units.h"
#include "os/clock.h"
#include "report/terminal_text.h"
#include "result/model.h"

namespace aiobench::tool {

// The exit codes of every command: a contract with scripts.

enum class ExitCode {
  good = 0,
  bad = 1,       // done, and the verdict is bad: data differs
  unusable = 2,  // the command line or an input file of settings cannot be used
  failed = 3,    // input/output or system error
  unclear = 5,   // of a comparison alone: inconclusive, or not comparable
  interrupted = 130,
};

struct ExitMeaning {
  ExitCode code;
  const char* meaning;
};

// Each code, as help and manual tell it.
std::span<const ExitMeaning> exit_meanings();

// What a command that did several things ends with: the one that asks for more attention. An
// interrupt outweighs a failure, a failure a bad verdict, that an unusable input, and that a
// comparison without a verdict.
ExitCode worse(ExitCode a, ExitCode b);

// Writes `text` as it is.
void put(std::string_view text);

template <class... Parts>
void print(fmt::format_string<Parts...> format, Parts&&... parts) {
  put(fmt::format(format, std::forward<Parts>(parts)...));
}

// Makes what was put visible now.
void flush_output();

// Flushes. Returns `code`, or the exit code of a failure to write, after telling it.
ExitCode finish_output(ExitCode code);

// Writes the messages of base/log.h on stderr, one line each: "aiobench: warning: ...".

// Call once, before the first message. Messages are coloured where stderr is a terminal that
// understands it.
void set_up_log();

// Whether messages are coloured from now on.
void colour_log(bool coloured);

// Messages below `least` are dropped from now on. The default is LogLevel::info.
void set_log_level(LogLevel least);

// A line on stderr that is written anew in place: what a program is doing at this moment.

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

// The line on stderr that shows, while a file is read, how much is done, how fast, and how long it
// will still take.

class ProgressLine {
 public:
  // Writes nothing where `enabled` is false. The line goes when this does.
  ProgressLine(bool enabled, std::string name);

  void show(std::uint64_t done_bytes, std::uint64_t all_bytes);

 private:
  TerminalLine line_;
  std::string name_;
  os::Ticks start_;
};

// The text of that line, at most `columns` wide: " 42 %  1.2 GiB of 2.9 GiB  3.1 GiB/s  0:07 left".
std::string progress_text(const std::string& name, std::uint64_t done_bytes,
                          std::uint64_t all_bytes, double seconds, unsigned columns);

// Whether what is written is coloured: --color, NO_COLOR (no-color.org), TERM, and whether it goes
// to a terminal.

struct Description;  // tool/description.h

// When something is done that depends on there being a terminal.
enum class When { automatic, always, never };
inline constexpr Named<When> kWhens[] = {
    {When::automatic, "auto"}, {When::always, "always"}, {When::never, "never"}};

// Option --color, in the group "Output".
void add_color_to(Description& description, std::string& color);

// How results on stdout are shown. An unknown choice is refused.
Result<report::Style> output_style(const std::string& color);

// Whether messages on stderr are coloured.
bool colours_messages(When color);

// What was found out of the environment, for output_style and colours_messages: a pure function.
struct Environment {
  bool terminal = false;      // the stream is one that understands escape sequences
  bool utf8 = false;          // terminals show UTF-8 here
  std::string no_color;       // the variables of that name
  std::string terminal_kind;  // TERM
};
report::Style style_in(const Environment& environment, When color);

// Which aiobench this is.

result::ToolInfo tool_info();

// "aiobench 0.1.0 (commit 1a2b3c4, GCC 12.2.0, Release, Linux)"
std::string version_line();

}  // namespace aiobench::tool
