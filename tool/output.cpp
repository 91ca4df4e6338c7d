#include "tool/output.h"

#include <fmt/core.h>
#include <spdlog/pattern_formatter.h>
#include <spdlog/sinks/stdout_sinks.h>
#include <spdlog/spdlog.h>

#include <cerrno>
#include <cstdio>
#include <memory>

#include "base/error.h"
#include "base/units.h"
#include "os/console.h"
#include "os/system_error.h"
#include "report/terminal_text.h"
#include "tool/command.h"

namespace aiobench::tool {
namespace {

constexpr ExitMeaning kMeanings[] = {
    {ExitCode::good, "success; no difference and no regression was found"},
    {ExitCode::bad, "data differs (hash --check, copy --verify), or a regression (compare)"},
    {ExitCode::unusable, "invalid command line or input file; nothing was changed"},
    {ExitCode::failed, "I/O or system error"},
    {ExitCode::unclear, "compare: inconclusive, or results not comparable"},
    {ExitCode::interrupted, "interrupted; results are marked as partial"},
};

int severity(ExitCode code) {
  switch (code) {
    case ExitCode::good:
      return 0;
    case ExitCode::unclear:
      return 1;
    case ExitCode::unusable:
      return 2;
    case ExitCode::bad:
      return 3;
    case ExitCode::failed:
      return 4;
    case ExitCode::interrupted:
      return 5;
  }
  return 0;
}

}  // namespace

std::span<const ExitMeaning> exit_meanings() {
  return kMeanings;
}

ExitCode worse(ExitCode a, ExitCode b) {
  return severity(b) > severity(a) ? b : a;
}

namespace {

int first_failure = 0;  // errno of the first failed write to stdout; 0 if none failed

void note_failure() {
  if (first_failure == 0) first_failure = errno;
}

}  // namespace

void put(std::string_view text) {
  if (text.empty()) return;
  errno = 0;
  if (std::fwrite(text.data(), 1, text.size(), stdout) != text.size()) note_failure();
}

void flush_output() {
  errno = 0;
  if (std::fflush(stdout) != 0) note_failure();
}

ExitCode finish_output(ExitCode code) {
  flush_output();
  if (first_failure == 0) return code;
  const Error error = os::stream_error("write the result to standard output", first_failure);
  return worse(code, report_error(error));
}

namespace {

report::Tone tone_of(spdlog::level::level_enum level) {
  if (level >= spdlog::level::err) return report::Tone::bad;
  if (level == spdlog::level::warn) return report::Tone::unreliable;
  return report::Tone::faint;
}

// The log level with a colon, coloured: "error:".
class LevelWord final : public spdlog::custom_flag_formatter {
 public:
  explicit LevelWord(bool coloured) : style_{.colour = coloured} {}

  void format(const spdlog::details::log_msg& message, const std::tm&,
              spdlog::memory_buf_t& line) override {
    const auto name = spdlog::level::to_string_view(message.level);
    const std::string word =
        style_.in(tone_of(message.level), std::string(name.data(), name.size()) + ":");
    line.append(word.data(), word.data() + word.size());
  }

  std::unique_ptr<custom_flag_formatter> clone() const override {
    return std::make_unique<LevelWord>(style_.colour);
  }

 private:
  report::Style style_;
};

spdlog::level::level_enum level_of(LogLevel level) {
  switch (level) {
    case LogLevel::debug:
      return spdlog::level::debug;
    case LogLevel::info:
      return spdlog::level::info;
    case LogLevel::warning:
      return spdlog::level::warn;
    case LogLevel::error:
      break;
  }
  return spdlog::level::err;
}

void write_message(LogLevel level, std::string_view message) {
  spdlog::log(level_of(level), spdlog::string_view_t(message.data(), message.size()));
}

}  // namespace

void set_up_log() {
  spdlog::set_default_logger(spdlog::stderr_logger_st("aiobench"));
  set_log_sink(write_message);
  colour_log(colours_messages(When::automatic));
}

void colour_log(bool coloured) {
  constexpr auto kLocal = spdlog::pattern_time_type::local;
  auto formatter = std::make_unique<spdlog::pattern_formatter>(kLocal, "\n");
  formatter->add_flag<LevelWord>('*', coloured).set_pattern("%n: %* %v");
  spdlog::set_formatter(std::move(formatter));
}

void set_log_level(LogLevel minimum) {
  spdlog::set_level(level_of(minimum));
}

namespace {

// Ignores failures: the status line must not affect the run.
void write(const std::string& text) {
  std::fputs(text.c_str(), stderr);
  std::fflush(stderr);
}

}  // namespace

unsigned TerminalLine::columns() const {
  return os::terminal_columns() - 1;
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

ProgressLine::ProgressLine(bool enabled, std::string name)
    : line_(enabled), name_(std::move(name)), start_(os::now_ticks()) {}

void ProgressLine::show(std::uint64_t done_bytes, std::uint64_t all_bytes) {
  if (!line_.enabled()) return;
  const double seconds = os::ticks_to_seconds(os::now_ticks() - start_);
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
  // The name is shown in full or not at all; cutting it could split a multi-byte character.
  const std::string shown = "  " + printable(name);
  if (text.size() + shown.size() <= columns) text += shown;
  return text.substr(0, columns);
}

namespace {

Environment environment(bool terminal) {
  return {.terminal = terminal,
          .utf8 = os::terminals_show_utf8(),
          .no_color = os::environment("NO_COLOR"),
          .terminal_kind = os::environment("TERM")};
}

}  // namespace

void add_color_to(Description& description, std::string& color) {
  description.option("--color", color, "use colours; auto: on a terminal, unless NO_COLOR is set",
                     names_of(kWhens, "|"), kOutputGroup);
}

report::Style style_in(const Environment& environment, When color) {
  const bool able = environment.terminal && environment.terminal_kind != "dumb";
  const bool wanted =
      color == When::always || (color == When::automatic && able && environment.no_color.empty());
  // Block characters do not depend on colours: only on what the terminal can show.
  return {.colour = wanted, .unicode = environment.utf8 && (able || color == When::always)};
}

Result<report::Style> output_style(const std::string& color) {
  Result<When> when = parse_named(kWhens, "--color", "choice", color);
  if (!when) return when.take_error();
  return style_in(environment(os::stdout_takes_escapes()), *when);
}

bool colours_messages(When color) {
  return style_in(environment(os::stderr_takes_escapes()), color).colour;
}

}  // namespace aiobench::tool
