// Proves that a message reaches the installed sink with its level, and that without a sink nothing
// happens.
#include "base/log.h"

#include <doctest/doctest.h>

#include <string>
#include <vector>

namespace aiobench {
namespace {

std::vector<std::string> received;

void keep(LogLevel level, std::string_view message) {
  received.push_back(std::to_string(static_cast<int>(level)) + " " + std::string(message));
}

TEST_CASE("log: the sink receives each message with its level") {
  received.clear();
  set_log_sink(keep);
  log_debug("a");
  log_info("b");
  log_warning("c");
  log_error("d");
  set_log_sink(nullptr);
  log_error("dropped");
  CHECK(received == std::vector<std::string>{"0 a", "1 b", "2 c", "3 d"});
}

}  // namespace
}  // namespace aiobench
