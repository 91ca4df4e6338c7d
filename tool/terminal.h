// What a terminal shows besides results: log messages and status lines on stderr, and colours.
#pragma once

#include <cstdint>
#include <string>

#include "base/error.h"
#include "base/log.h"
#include "base/units.h"
#include "os/clock.h"
#include "report/terminal_text.h"

namespace aiobench::tool {

struct Description;

// Values of --color and --progress. `automatic` depends on whether the stream is a terminal.
enum class When { automatic, always, never };
inline constexpr Named<When> kWhens[] = {
    {When::automatic, "auto"}, {When::always, "always"}, {When::never, "never"}};

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

// The style of results on stdout for this value of --color.
report::Style output_style(When color);

// Adds --color, in the group "Output".
void add_color_to(Description& description, When& color);

// The options for the terminal of the commands that measure.
struct TerminalOptions {
  When color = When::automatic;
  When progress = When::automatic;
  bool quiet = false;
  bool verbose = false;

  // Adds --color, --progress, --quiet and --verbose, in the group "Output".
  void add_to(Description& description);
  // Sets the log level for --quiet and --verbose.
  void apply_verbosity() const;
  // Whether progress is shown on stderr.
  bool shows_progress() const;
};

}  // namespace aiobench::tool
