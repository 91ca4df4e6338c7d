// Proves that a worker looks for completions only where that is allowed, for no longer than it
// should, learns from a slow device to sleep at once, and from a fast one to look again.
#include "engine/linux/spin_policy.h"

#include <doctest/doctest.h>

#include <chrono>
#include <string>
#include <thread>

#include "engine/registry.h"

namespace aiobench::engine {
namespace {

EngineConfig config_of(unsigned threads, const std::string& options) {
  const Result<EngineSpec> spec = parse_engine("libaio" + options);
  REQUIRE(spec);
  EngineConfig config;
  config.threads = threads;
  config.options = spec->options;
  return config;
}

bool never() {
  return false;
}
bool at_once() {
  return true;
}

TEST_CASE("a worker looks only with a processor to spare, and not where it is told to sleep") {
  const unsigned processors = std::thread::hardware_concurrency();
  Patience patience;
  CHECK_FALSE(patience.begin());  // nobody has allowed it
  patience.allow(config_of(processors, ""));
  CHECK_FALSE(patience.begin());
  if (processors < 2) return;
  patience.allow(config_of(processors - 1, ""));
  CHECK(patience.begin());
  patience.allow(config_of(processors - 1, ":sleep"));
  CHECK_FALSE(patience.begin());
}

TEST_CASE("looking ends when there is something, or when it has taken long enough") {
  if (std::thread::hardware_concurrency() < 2) return;
  Patience patience;
  patience.allow(config_of(1, ""));
  REQUIRE(patience.begin());
  CHECK(patience.look(at_once));
  // Read before begin(), from which the time counts, and from the clock that is looked at: the
  // thread may lose its processor anywhere here, and that only makes the span longer.
  const os::Ticks before = os::now_ticks();
  REQUIRE(patience.begin());
  CHECK_FALSE(patience.look(never));
  CHECK(os::ticks_to_ns(os::now_ticks() - before) >= 119'000);
  patience.slept();
}

TEST_CASE("a slow device teaches to sleep at once, and a fast one to look again") {
  if (std::thread::hardware_concurrency() < 2) return;
  Patience patience;
  patience.allow(config_of(1, ""));
  int looked = 0;
  for (int i = 0; i < 20; ++i) {
    if (patience.begin()) {
      ++looked;
      CHECK_FALSE(patience.look(never));
    }
    std::this_thread::sleep_for(std::chrono::milliseconds(1));
    patience.slept();
  }
  CHECK(looked >= 1);
  CHECK(looked <= 3);
  // It sleeps, and finds itself woken at once, again and again.
  int slept = 0;
  while (!patience.begin() && slept < 1000) {
    patience.slept();
    ++slept;
  }
  CHECK(slept > 0);
  CHECK(slept < 1000);
}

}  // namespace
}  // namespace aiobench::engine
