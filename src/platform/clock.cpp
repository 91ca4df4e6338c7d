#include "platform/clock.h"

#include <algorithm>

namespace aiobench::platform {

// A clock that moves by milliseconds is not waited for a hundred times.
double clock_step_ns() {
  constexpr int kTries = 100;
  constexpr double kEnoughNs = 10e6;
  const Ticks began = now_ticks();
  Ticks last = began;
  Ticks least = 0;
  for (int i = 0; i < kTries && ticks_to_ns(last - began) < kEnoughNs; ++i) {
    Ticks now = last;
    while (now == last) now = now_ticks();
    least = least == 0 ? now - last : std::min(least, now - last);
    last = now;
  }
  return ticks_to_ns(least);
}

}  // namespace aiobench::platform
