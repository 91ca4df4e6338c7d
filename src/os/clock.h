// The clock of all figures: monotonic, cheap to read, the same on every core. Linux: the time
// stamp counter where the kernel itself keeps time by it (clocksource "tsc"), else
// clock_gettime(CLOCK_MONOTONIC). Windows: QueryPerformanceCounter.
#pragma once

#include <cstdint>

namespace aiobench::platform {

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

}  // namespace aiobench::platform
