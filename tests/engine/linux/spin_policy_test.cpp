// Proves that a worker polls only if that is allowed and no longer than the limit, learns from a
// slow device to sleep immediately, and from a fast one to poll again.
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

TEST_CASE("a worker polls only with a spare processor, and not with the option sleep") {
  const unsigned processors = std::thread::hardware_concurrency();
  SpinPolicy spin;
  CHECK_FALSE(spin.begin_wait());  // not configured
  spin.configure(config_of(processors, ""));
  CHECK_FALSE(spin.begin_wait());
  if (processors < 2) return;
  spin.configure(config_of(processors - 1, ""));
  CHECK(spin.begin_wait());
  spin.configure(config_of(processors - 1, ":sleep"));
  CHECK_FALSE(spin.begin_wait());
}

TEST_CASE("polling ends when a completion is there, or after the limit") {
  if (std::thread::hardware_concurrency() < 2) return;
  SpinPolicy spin;
  spin.configure(config_of(1, ""));
  REQUIRE(spin.begin_wait());
  CHECK(spin.poll(at_once));
  // Read before begin_wait(), which starts the time, and from the same clock: the thread may be
  // suspended anywhere here, which only lengthens the time.
  const os::Ticks before = os::now_ticks();
  REQUIRE(spin.begin_wait());
  CHECK_FALSE(spin.poll(never));
  CHECK(os::ticks_to_ns(os::now_ticks() - before) >= 119'000);
  spin.end_wait();
}

TEST_CASE("after a slow device a worker sleeps immediately, after a fast one it polls again") {
  if (std::thread::hardware_concurrency() < 2) return;
  SpinPolicy spin;
  spin.configure(config_of(1, ""));
  int polled = 0;
  for (int i = 0; i < 20; ++i) {
    if (spin.begin_wait()) {
      ++polled;
      CHECK_FALSE(spin.poll(never));
    }
    std::this_thread::sleep_for(std::chrono::milliseconds(1));
    spin.end_wait();
  }
  CHECK(polled >= 1);
  CHECK(polled <= 3);
  // It sleeps and is woken immediately, again and again.
  int slept = 0;
  while (!spin.begin_wait() && slept < 1000) {
    spin.end_wait();
    ++slept;
  }
  CHECK(slept > 0);
  CHECK(slept < 1000);
}

}  // namespace
}  // namespace aiobench::engine
