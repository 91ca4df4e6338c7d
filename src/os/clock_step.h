// How a clock's step is found: apart from the clock, so that a test can bring one of its own.
#pragma once

#include <algorithm>

#include "os/clock.h"

namespace aiobench::platform {

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

}  // namespace aiobench::platform
