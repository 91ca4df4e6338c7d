#include "tool/log.h"

#include <spdlog/pattern_formatter.h>
#include <spdlog/sinks/stdout_sinks.h>
#include <spdlog/spdlog.h>

#include <memory>

#include "report/style.h"
#include "tool/colour.h"

namespace aiobench::tool {
namespace {

report::Tone tone_of(spdlog::level::level_enum level) {
  if (level >= spdlog::level::err) return report::Tone::bad;
  if (level == spdlog::level::warn) return report::Tone::doubtful;
  return report::Tone::faint;
}

// "error:", in its colour.
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

void set_log_level(LogLevel least) {
  spdlog::set_level(level_of(least));
}

}  // namespace aiobench::tool
