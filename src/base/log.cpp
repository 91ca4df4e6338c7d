#include "base/log.h"

namespace aiobench {
namespace {

LogSink current_sink = nullptr;

}  // namespace

void set_log_sink(LogSink sink) {
  current_sink = sink;
}

void log_message(LogLevel level, std::string_view message) {
  if (current_sink != nullptr) current_sink(level, message);
}

}  // namespace aiobench
