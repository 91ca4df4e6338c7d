// The clock of all measurements: monotonic, cheap to read and the same on every core. Linux: the
// time stamp counter if the kernel itself uses it (clocksource "tsc"), otherwise
// clock_gettime(CLOCK_MONOTONIC). Windows: QueryPerformanceCounter.
#pragma once

#include <algorithm>
#include <cstdint>

namespace aiobench::os {

// A reading of the clock, in ticks since an arbitrary moment. Any thread may read it.
using Ticks = std::uint64_t;
Ticks now_ticks();

// Nanoseconds per tick. The first call may calibrate for some milliseconds, so call it before
// anything is timed. Any thread.
double ns_per_tick();

// The name of the clock in results: "tsc", "clock_gettime" or "QueryPerformanceCounter".
const char* clock_name();

inline double ticks_to_ns(Ticks ticks) {
  return static_cast<double>(ticks) * ns_per_tick();
}
inline double ticks_to_seconds(Ticks ticks) {
  return ticks_to_ns(ticks) * 1e-9;
}

// The shortest time in ticks between two different readings of `read`. A template, so that tests
// can pass a clock of their own.
//
// The scheduler may suspend the thread during a try for as long as a coarse clock stands still.
// Therefore there are at least kFewestTries tries. After `enough` ticks there are no more, so that
// a clock with a step of milliseconds does not take a hundred of them.
template <typename Read>
Ticks min_step(const Read& read, Ticks enough) {
  constexpr int kTries = 100;
  constexpr int kFewestTries = 5;
  const Ticks began = read();
  Ticks last = began;
  Ticks min = 0;
  for (int i = 0; i < kTries && (i < kFewestTries || last - began < enough); ++i) {
    Ticks now = last;
    while (now == last) now = read();
    min = min == 0 ? now - last : std::min(min, now - last);
    last = now;
  }
  return min;
}

// The resolution of the clock in ns, measured: the shortest time between two different readings. A
// clock may count in ticks of 1 ns and still advance in steps of milliseconds. Latencies below the
// resolution cannot be distinguished. The call takes five steps or 10 ms, whichever is longer.
inline double clock_step_ns() {
  constexpr double kEnoughNs = 10e6;
  return ticks_to_ns(min_step(now_ticks, static_cast<Ticks>(kEnoughNs / ns_per_tick())));
}

}  // namespace aiobench::os
