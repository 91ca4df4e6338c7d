// A build that is slow on purpose, to prove that scripts/perf_regression finds it. Only the preset
// `planted` has it: there each run takes longer by the percentage in the environment variable
// AIOBENCH_PLANTED_SLOWDOWN_PERCENT, so that two runs of one program differ in this alone. Its
// results say so in their build type. In every other build nothing of it is left.
#pragma once

#include <atomic>
#include <type_traits>

#include "os/clock.h"

#ifndef AIOBENCH_PLANTED_SLOWDOWN
#define AIOBENCH_PLANTED_SLOWDOWN 0
#endif

namespace aiobench::run {

// Holds up the threads of one run: each time that some of it has passed, all that come to a request
// wait for a share of that time. So a run that its threads limit is stretched as a whole, however
// many they are; a device goes on working meanwhile. Times are in ticks of platform/clock.h.
class PlantedSlowdown {
 public:
  // As the environment says; 0 % where it says nothing. Any other text is refused by a CHECK.
  PlantedSlowdown();
  // `percent`: how much longer a run takes. `least` is for how long it runs between two hold-ups.
  PlantedSlowdown(double percent, os::Ticks least);

  // The run begins. Before any other call.
  void begin(os::Ticks now) { resumed_.store(now); }
  // Before a request, any thread: waits, spinning, for as long as held_until() says.
  void hold_up();
  // What of the run is not paid for yet, however short. Once all requests are done.
  void hold_up_at_the_end();

  // When a thread that comes at `now` may go on: not after `now` where it is not held up. With less
  // than `least` since the last hold-up nothing is due yet.
  os::Ticks held_until(os::Ticks now, os::Ticks least);

 private:
  const double share_;
  const os::Ticks least_;
  std::atomic<os::Ticks> resumed_{0};  // the end of the last hold-up, or of the present one
};

// The same in an ordinary build: nothing.
struct NoSlowdown {
  void begin(os::Ticks) {}
  void hold_up() {}
  void hold_up_at_the_end() {}
};

using Slowdown = std::conditional_t<AIOBENCH_PLANTED_SLOWDOWN != 0, PlantedSlowdown, NoSlowdown>;

}  // namespace aiobench::run
