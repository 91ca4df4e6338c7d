#include "tool/terminal.h"

#include <fmt/core.h>
#include <spdlog/pattern_formatter.h>
#include <spdlog/sinks/stdout_sinks.h>
#include <spdlog/spdlog.h>

#include <cstdio>
#include <memory>

#include "os/console.h"
#include "tool/command.h"

namespace aiobench::tool {
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

// Ignores failures: the status line must not affect the run.
void write(const std::string& text) {
  std::fputs(text.c_str(), stderr);
  std::fflush(stderr);
}

Environment environment(bool terminal) {
  return {.terminal = terminal,
          .utf8 = os::terminals_show_utf8(),
          .no_color = os::environment("NO_COLOR"),
          .terminal_kind = os::environment("TERM")};
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

report::Style style_in(const Environment& environment, When color) {
  const bool able = environment.terminal && environment.terminal_kind != "dumb";
  const bool wanted =
      color == When::always || (color == When::automatic && able && environment.no_color.empty());
  // Block characters do not depend on colours: only on what the terminal can show.
  return {.colour = wanted, .unicode = environment.utf8 && (able || color == When::always)};
}

report::Style output_style(When color) {
  return style_in(environment(os::stdout_takes_escapes()), color);
}

bool colours_messages(When color) {
  return style_in(environment(os::stderr_takes_escapes()), color).colour;
}

void add_color_to(Description& description, When& color) {
  description
      .option("--color", name_reader(color, kWhens, "--color", "choice"),
              "use colours; auto: on a terminal, unless NO_COLOR is set", names_of(kWhens, "|"),
              kOutputGroup)
      .default_text(name_in(kWhens, color));
}

void TerminalOptions::add_to(Description& description) {
  add_color_to(description, color);
  description
      .option("--progress", name_reader(progress, kWhens, "--progress", "choice"),
              "show progress on stderr; auto: on a terminal", names_of(kWhens, "|"), kOutputGroup)
      .default_text(name_in(kWhens, progress));
  description.flag("-q,--quiet", quiet, "print only results and errors", kOutputGroup);
  description.flag("-v,--verbose", verbose, "print debug messages", kOutputGroup);
}

void TerminalOptions::apply_verbosity() const {
  if (quiet) set_log_level(LogLevel::error);
  if (verbose) set_log_level(LogLevel::debug);
}

bool TerminalOptions::shows_progress() const {
  if (progress == When::automatic) return os::stderr_is_terminal() && !quiet;
  return progress == When::always;
}

}  // namespace aiobench::tool
