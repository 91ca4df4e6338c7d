// A deliberate slowdown, to prove that scripts/perf_regression detects it. Only the preset
// `planted` contains it: each run takes longer by the percentage in the environment variable
// AIOBENCH_PLANTED_SLOWDOWN_PERCENT, so that two runs of the same program differ in this alone. The
// results state it in their build type. Other builds contain no code for it.
#pragma once

#include <atomic>
#include <type_traits>

#include "os/clock.h"

#ifndef AIOBENCH_PLANTED_SLOWDOWN
#define AIOBENCH_PLANTED_SLOWDOWN 0
#endif

namespace aiobench::run {

// Delays the threads of one run: after each period of work, every thread that makes a request waits
// for a share of that period. A run that is limited by its threads is therefore stretched as a
// whole, however many threads it has; a device keeps working meanwhile. Times are in ticks of
// os/clock.h.
class PlantedSlowdown {
 public:
  // The percentage of the environment variable; 0 if it is not set. Any other text fails a CHECK.
  PlantedSlowdown();
  // `percent`: how much longer a run takes. `min`: the minimum time between two delays.
  PlantedSlowdown(double percent, os::Ticks min);

  // At the start of the run, before any other call.
  void begin(os::Ticks now) { resumed_.store(now); }
  // Before a request: polls the clock until delayed_until(). Any thread.
  void delay();
  // After all requests: waits for the rest of the run that has not been delayed yet, however short.
  void delay_at_end();

  // The time until which a thread that arrives at `now` must wait; `now` itself if it is not
  // delayed. There is no delay until `min` has passed since the last one.
  os::Ticks delayed_until(os::Ticks now, os::Ticks min);

 private:
  const double share_;
  const os::Ticks min_;
  std::atomic<os::Ticks> resumed_{0};  // the end of the last delay, or of the present one
};

// The same in other builds: does nothing.
struct NoSlowdown {
  void begin(os::Ticks) {}
  void delay() {}
  void delay_at_end() {}
};

using Slowdown = std::conditional_t<AIOBENCH_PLANTED_SLOWDOWN != 0, PlantedSlowdown, NoSlowdown>;

}  // namespace aiobench::run
