// Proves that the step of a clock is found whatever the thread is kept from meanwhile, and that a
// coarse clock is called coarse, without being waited for long.
#include "os/clock.h"

#include <doctest/doctest.h>

#include <vector>

namespace aiobench::os {
namespace {

constexpr Ticks kMillisecond = 1'000'000;  // ticks of 1 ns
constexpr Ticks kEnough = 10 * kMillisecond;

// A clock that moves on at each reading, and how a thread that reads it is delayed: before the
// reading of that number, by so much.
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
  Ticks least() {
    return least_step([this] { return read(); }, kEnough);
  }
};

TEST_CASE("a fine clock: the step, or the time that a reading takes where that is more") {
  CHECK(ScriptedClock{.step = 100, .reading_takes = 30, .delays = {}}.least() == 100);
  CHECK(ScriptedClock{.step = 1, .reading_takes = 25, .delays = {}}.least() == 25);
}

TEST_CASE("a thread that loses its processor in a try, or in each of the first, finds it too") {
  for (int tries = 1; tries <= 4; ++tries) {
    ScriptedClock clock{.step = 1, .reading_takes = 25, .delays = {}};
    // As by a quota of half a processor, or by others that are as busy.
    for (int i = 1; i <= tries; ++i) clock.delays.push_back({i, 56 * kMillisecond});
    CHECK(clock.least() == 25);
  }
}

TEST_CASE("a clock that moves by 15.6 ms is found out in a few steps") {
  constexpr Ticks kStep = 15'600'000;
  ScriptedClock clock{.step = kStep, .reading_takes = 1000, .delays = {}};
  const Ticks began = clock.time;
  CHECK(clock.least() == kStep);
  CHECK(clock.time - began <= 6 * kStep);
}

TEST_CASE("a clock that moves by 1 ms is not waited for a hundred times") {
  ScriptedClock clock{.step = kMillisecond, .reading_takes = 1000, .delays = {}};
  const Ticks began = clock.time;
  CHECK(clock.least() == kMillisecond);
  CHECK(clock.time - began <= kEnough + 2 * kMillisecond);
}

}  // namespace
}  // namespace aiobench::os
