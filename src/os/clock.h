// The clock of all figures: monotonic, cheap to read, the same on every core. Linux: the time
// stamp counter where the kernel itself keeps time by it (clocksource "tsc"), else
// clock_gettime(CLOCK_MONOTONIC). Windows: QueryPerformanceCounter.
#pragma once

#include <algorithm>
#include <cstdint>

namespace aiobench::os {

// A reading of the clock, in ticks since some moment. Any thread.
using Ticks = std::uint64_t;
Ticks now_ticks();

// Nanoseconds in one tick. The first call may measure for some milliseconds: make it before
// anything is timed. Any thread.
double ns_per_tick();

// The least time between two readings that differ, found by reading: a clock may count in ticks of
// 1 ns and yet move by milliseconds. No latency below it can be told from another. Takes as long as
// five steps, or 10 ms.
double clock_step_ns();

// The name for results: "tsc", "clock_gettime", "QueryPerformanceCounter".
const char* clock_name();

inline double ticks_to_ns(Ticks ticks) {
  return static_cast<double>(ticks) * ns_per_tick();
}
inline double ticks_to_seconds(Ticks ticks) {
  return ticks_to_ns(ticks) * 1e-9;
}

// How a clock's step is found: apart from the clock, so that a test can bring one of its own.

// The least time in ticks between two readings of `read` that differ. A thread may lose its
// processor in the midst of a try, for as long as a coarse clock may stand still: so there are some
// tries however long they take. `enough` is the time after which there are no more than those, so
// that a clock that moves by milliseconds is not waited for a hundred times.
template <typename Read>
Ticks least_step(const Read& read, Ticks enough) {
  constexpr int kTries = 100;
  constexpr int kFewestTries = 5;
  const Ticks began = read();
  Ticks last = began;
  Ticks least = 0;
  for (int i = 0; i < kTries && (i < kFewestTries || last - began < enough); ++i) {
    Ticks now = last;
    while (now == last) now = read();
    least = least == 0 ? now - last : std::min(least, now - last);
    last = now;
  }
  return least;
}

}  // namespace aiobench::os
