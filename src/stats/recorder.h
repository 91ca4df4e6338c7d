// What one worker thread records while a run goes on. Nothing here is shared, so nothing here is
// locked; the recorders of all workers are summed up after the run.
#pragma once

#include <cstdint>

#include "stats/flow.h"
#include "os/clock.h"

namespace aiobench::measure {

struct Recorder {
  Flow reads;
  Flow writes;
  std::uint64_t failures = 0;
  platform::Ticks submit_ticks = 0;   // inside submit and flush
  platform::Ticks waiting_ticks = 0;  // asleep, until something completes
  platform::Ticks hashing_ticks = 0;
  platform::Ticks serving_ticks = 0;  // from the worker's start to its end, all of the above in it

  // Of a run that is kept by interval.
  void begin(platform::Ticks start, const Cutting& cutting) {
    reads.timeline.begin(start, cutting);
    writes.timeline.begin(start, cutting);
  }
  void end(platform::Ticks now) {
    reads.end(now);
    writes.end(now);
  }

  void merge(const Recorder& other) {
    reads.merge(other.reads);
    writes.merge(other.writes);
    failures += other.failures;
    submit_ticks += other.submit_ticks;
    waiting_ticks += other.waiting_ticks;
    hashing_ticks += other.hashing_ticks;
    serving_ticks += other.serving_ticks;
  }
};

}  // namespace aiobench::measure
