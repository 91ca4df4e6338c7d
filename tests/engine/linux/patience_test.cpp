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
  SpinPolicy spin;
  CHECK_FALSE(spin.begin());  // nobody has allowed it
  spin.allow(config_of(processors, ""));
  CHECK_FALSE(spin.begin());
  if (processors < 2) return;
  spin.allow(config_of(processors - 1, ""));
  CHECK(spin.begin());
  spin.allow(config_of(processors - 1, ":sleep"));
  CHECK_FALSE(spin.begin());
}

TEST_CASE("looking ends when there is something, or when it has taken long enough") {
  if (std::thread::hardware_concurrency() < 2) return;
  SpinPolicy spin;
  spin.allow(config_of(1, ""));
  REQUIRE(spin.begin());
  CHECK(spin.look(at_once));
  // Read before begin(), from which the time counts, and from the clock that is looked at: the
  // thread may lose its processor anywhere here, and that only makes the span longer.
  const os::Ticks before = os::now_ticks();
  REQUIRE(spin.begin());
  CHECK_FALSE(spin.look(never));
  CHECK(os::ticks_to_ns(os::now_ticks() - before) >= 119'000);
  spin.slept();
}

TEST_CASE("a slow device teaches to sleep at once, and a fast one to look again") {
  if (std::thread::hardware_concurrency() < 2) return;
  SpinPolicy spin;
  spin.allow(config_of(1, ""));
  int looked = 0;
  for (int i = 0; i < 20; ++i) {
    if (spin.begin()) {
      ++looked;
      CHECK_FALSE(spin.look(never));
    }
    std::this_thread::sleep_for(std::chrono::milliseconds(1));
    spin.slept();
  }
  CHECK(looked >= 1);
  CHECK(looked <= 3);
  // It sleeps, and finds itself woken at once, again and again.
  int slept = 0;
  while (!spin.begin() && slept < 1000) {
    spin.slept();
    ++slept;
  }
  CHECK(slept > 0);
  CHECK(slept < 1000);
}

}  // namespace
}  // namespace aiobench::engine
