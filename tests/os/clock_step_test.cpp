// Proves that the resolution of a clock is measured correctly when the thread is suspended
// meanwhile, and that measuring a coarse clock takes only a few steps.
#include "os/clock.h"

#include <doctest/doctest.h>

#include <vector>

namespace aiobench::os {
namespace {

constexpr Ticks kMillisecond = 1'000'000;  // ticks of 1 ns
constexpr Ticks kEnough = 10 * kMillisecond;

// A clock that advances at each reading, and a thread that is suspended before given readings, for
// given times.
struct ScriptedClock {
  Ticks step;
  Ticks reading_takes;
  struct Delay {
    int reading;
    Ticks time;
  };
  std::vector<Delay> delays;
  Ticks time = 12'345 * kMillisecond;
  int readings = 0;

  Ticks read() {
    for (const Delay& delay : delays) {
      if (delay.reading == readings) time += delay.time;
    }
    ++readings;
    time += reading_takes;
    return time / step * step;
  }
  Ticks smallest() {
    return min_step([this] { return read(); }, kEnough);
  }
};

TEST_CASE("a fine clock: the step, or the time of a reading if that is longer") {
  CHECK(ScriptedClock{.step = 100, .reading_takes = 30, .delays = {}}.smallest() == 100);
  CHECK(ScriptedClock{.step = 1, .reading_takes = 25, .delays = {}}.smallest() == 25);
}

TEST_CASE("suspensions in one try, or in each of the first ones, do not matter") {
  for (int tries = 1; tries <= 4; ++tries) {
    ScriptedClock clock{.step = 1, .reading_takes = 25, .delays = {}};
    // As with a quota of half a processor, or with equally busy other threads.
    for (int i = 1; i <= tries; ++i) clock.delays.push_back({i, 56 * kMillisecond});
    CHECK(clock.smallest() == 25);
  }
}

TEST_CASE("a clock with a step of 15.6 ms is measured in a few steps") {
  constexpr Ticks kStep = 15'600'000;
  ScriptedClock clock{.step = kStep, .reading_takes = 1000, .delays = {}};
  const Ticks began = clock.time;
  CHECK(clock.smallest() == kStep);
  CHECK(clock.time - began <= 6 * kStep);
}

TEST_CASE("a clock with a step of 1 ms is not measured a hundred times") {
  ScriptedClock clock{.step = kMillisecond, .reading_takes = 1000, .delays = {}};
  const Ticks began = clock.time;
  CHECK(clock.smallest() == kMillisecond);
  CHECK(clock.time - began <= kEnough + 2 * kMillisecond);
}

}  // namespace
}  // namespace aiobench::os
