// Log messages: what the program does, apart from its results. A program installs a sink to receive
// them. Without a sink they are dropped, so the library prints nothing by itself.
#pragma once

#include <string_view>

namespace aiobench {

enum class LogLevel { debug, info, warning, error };

// Receives one message: one line without a line break.
using LogSink = void (*)(LogLevel level, std::string_view message);

inline LogSink current_log_sink = nullptr;

// Installs the sink; nullptr drops all messages. Call it before the first message and before other
// threads start.
inline void set_log_sink(LogSink sink) {
  current_log_sink = sink;
}

// May be called from any thread if the sink may.
inline void log_message(LogLevel level, std::string_view message) {
  if (current_log_sink != nullptr) current_log_sink(level, message);
}

inline void log_debug(std::string_view message) {
  log_message(LogLevel::debug, message);
}
inline void log_info(std::string_view message) {
  log_message(LogLevel::info, message);
}
inline void log_warning(std::string_view message) {
  log_message(LogLevel::warning, message);
}
inline void log_error(std::string_view message) {
  log_message(LogLevel::error, message);
}

}  // namespace aiobench
