// Messages about what the program does, besides its results. A program that wants to see them
// installs a sink; without one they are dropped, so that the library prints nothing by itself.
#pragma once

#include <string_view>

namespace aiobench {

enum class LogLevel { debug, info, warning, error };

// Receives each message: one line, without a line end.
using LogSink = void (*)(LogLevel level, std::string_view message);

// Call before the first message and before any other thread runs; nullptr drops messages.
void set_log_sink(LogSink sink);

// Any thread may log, if the sink may be called from any thread.
void log_message(LogLevel level, std::string_view message);

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
