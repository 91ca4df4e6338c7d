// Output of the program: exit codes, results on stdout, log messages and progress on stderr,
// colours.
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

// The exit codes of all commands. Scripts depend on the numbers.
enum class ExitCode {
  good = 0,
  bad = 1,       // data differs, or a regression was found
  unusable = 2,  // invalid command line, or an input file of results or checksums is unusable
  failed = 3,    // input/output or system error
  unclear = 5,   // compare only: inconclusive, or results not comparable
  interrupted = 130,
};

struct ExitMeaning {
  ExitCode code;
  const char* meaning;
};

// The description of each code for help and manual page.
std::span<const ExitMeaning> exit_meanings();

// The more severe of two exit codes, for a command with several results. From most to least severe:
// interrupted, failed, bad, unusable, unclear, good.
ExitCode worse(ExitCode a, ExitCode b);

// Writes `text` to stdout. A failure (full disk, closed pipe) is remembered for finish_output().
void put(std::string_view text);

template <class... Parts>
void print(fmt::format_string<Parts...> format, Parts&&... parts) {
  put(fmt::format(format, std::forward<Parts>(parts)...));
}

// Flushes stdout.
void flush_output();

// Flushes stdout. If writing failed at any time, reports the error and returns the more severe exit
// code, so that a program whose output was lost never ends with 0.
ExitCode finish_output(ExitCode code);

// Sends the messages of base/log.h to stderr, one line each: "aiobench: warning: ...". Call once,
// before the first message. Messages are coloured if stderr is a terminal that supports colours.
void set_up_log();

// Switches the colours of messages on or off.
void colour_log(bool coloured);

// Drops messages below `minimum`. The default is LogLevel::info.
void set_log_level(LogLevel minimum);

// A status line on stderr that is overwritten in place. Not thread-safe.
class TerminalLine {
 public:
  // If `enabled` is false, nothing is written.
  explicit TerminalLine(bool enabled) : enabled_(enabled) {}
  ~TerminalLine() { clear(); }
  TerminalLine(const TerminalLine&) = delete;
  TerminalLine& operator=(const TerminalLine&) = delete;

  bool enabled() const { return enabled_; }
  // Maximum width of the text, in columns.
  unsigned columns() const;
  void show(const std::string& text);
  // Erases the line, so that something else can be printed.
  void clear();

 private:
  bool enabled_;
  bool shown_ = false;
};

// A status line on stderr that shows progress, speed and remaining time of one file.
class ProgressLine {
 public:
  // If `enabled` is false, nothing is written. The destructor erases the line.
  ProgressLine(bool enabled, std::string name);

  void show(std::uint64_t done_bytes, std::uint64_t all_bytes);

 private:
  TerminalLine line_;
  std::string name_;
  os::Ticks start_;
};

// The text of a ProgressLine, at most `columns` wide: " 42 %  1.2 GiB of 2.9 GiB  3.1 GiB/s  0:07
// left".
std::string progress_text(const std::string& name, std::uint64_t done_bytes,
                          std::uint64_t all_bytes, double seconds, unsigned columns);

struct Description;

// Values of --color and --progress. `automatic` depends on whether the stream is a terminal.
enum class When { automatic, always, never };
inline constexpr Named<When> kWhens[] = {
    {When::automatic, "auto"}, {When::always, "always"}, {When::never, "never"}};

// Option --color, in the group "Output".
void add_color_to(Description& description, std::string& color);

// The style of results on stdout for this value of --color. An unknown value is an error.
Result<report::Style> output_style(const std::string& color);

// Whether messages on stderr are coloured.
bool colours_messages(When color);

// What the style depends on.
struct Environment {
  bool terminal = false;      // the stream is a terminal that supports escape sequences
  bool utf8 = false;          // the locale of terminals is UTF-8
  std::string no_color;       // NO_COLOR (no-color.org)
  std::string terminal_kind;  // TERM
};
// The style for an environment and a value of --color. A pure function.
report::Style style_in(const Environment& environment, When color);

// The version and build of this program.
result::ToolInfo tool_info();

// "aiobench 0.1.0 (commit 1a2b3c4, GCC 12.2.0, Release, Linux)"
std::string version_line();

}  // namespace aiobench::tool
