#include "os/clock.h"

namespace aiobench::os {

double clock_step_ns() {
  constexpr double kEnoughNs = 10e6;
  return ticks_to_ns(least_step(now_ticks, static_cast<Ticks>(kEnoughNs / ns_per_tick())));
}

}  // namespace aiobench::os
