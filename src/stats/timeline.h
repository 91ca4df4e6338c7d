// What happened when: a run cut into intervals of equal length, with the requests, the bytes and
// the latencies of each. A device that throttles, a write cache that is full or a busy neighbour is
// seen in it, where the figures of the whole run show their mean.
#pragma once

#include <cstddef>
#include <cstdint>
#include <limits>
#include <utility>
#include <vector>

#include "os/clock.h"
#include "stats/histogram.h"

namespace aiobench::stats {

// How a run is cut.
struct Cutting {
  os::Ticks length = 0;  // of an interval; 0: the run is not cut
  std::size_t most = 0;  // intervals; two become one each time that there would be more
};

// The requests of one interval.
struct Slice {
  std::uint64_t index = 0;  // of the interval, from 0
  std::uint64_t requests = 0;
  std::uint64_t bytes = 0;
  // Of its latencies, by bucket: how many. Sparse, as one interval has few different ones.
  std::vector<std::pair<std::uint32_t, std::uint64_t>> latencies;

  std::uint64_t percentile_ns(double percent) const;
};

// One thread records; merging and reading come after.
class Timeline {
 public:
  // Intervals count from `start`, which is the same for all that are merged.
  void begin(os::Ticks start, const Cutting& cutting);

  // From this moment on, what is to be counted belongs to another interval: cut() comes first.
  os::Ticks next_cut() const { return next_cut_; }
  // Closes the interval before `now`: to it belongs what was counted since the last cut, given all
  // that was counted so far.
  void cut(os::Ticks now, std::uint64_t requests, std::uint64_t bytes, const Histogram& latency_ns);

  // The same for the last interval, at the end of the run. Does nothing where none was begun.
  void end(os::Ticks now, std::uint64_t requests, std::uint64_t bytes, const Histogram& latency_ns);

  void merge(const Timeline& other);

  os::Ticks length() const { return cutting_.length; }
  // In order; intervals without requests are left out.
  const std::vector<Slice>& slices() const { return slices_; }

 private:
  void append(Slice slice);
  void double_length();

  Cutting cutting_;
  os::Ticks start_ = 0;
  os::Ticks next_cut_ = std::numeric_limits<os::Ticks>::max();
  std::vector<Slice> slices_;
  // At the last cut.
  std::uint64_t requests_ = 0;
  std::uint64_t bytes_ = 0;
  Histogram latency_ns_;
};

// Requests of one direction, reads or writes, counted.

struct Flow {
  Histogram latency_ns;
  std::uint64_t requests = 0;  // that transferred something, or the end of the file
  std::uint64_t bytes = 0;
  std::uint64_t inline_completions = 0;  // of `requests`: finished inside the call
  Timeline timeline;                     // the same, but for inline completions, by interval

  // One that was done at that moment. Completions are counted in their order, or nearly.
  void count(os::Ticks completed, std::uint64_t of_bytes, std::uint64_t latency) {
    if (completed >= timeline.next_cut()) timeline.cut(completed, requests, bytes, latency_ns);
    ++requests;
    bytes += of_bytes;
    latency_ns.record(latency);
  }
  // At the end: what was counted since the last cut is an interval too.
  void end(os::Ticks now) { timeline.end(now, requests, bytes, latency_ns); }

  void merge(const Flow& other) {
    latency_ns.merge(other.latency_ns);
    requests += other.requests;
    bytes += other.bytes;
    inline_completions += other.inline_completions;
    timeline.merge(other.timeline);
  }
};

// What one worker thread records while a run goes on. Nothing here is shared, so nothing here is
// locked; the recorders of all workers are summed up after the run.

struct Recorder {
  Flow reads;
  Flow writes;
  std::uint64_t failures = 0;
  os::Ticks submit_ticks = 0;   // inside submit and flush
  os::Ticks waiting_ticks = 0;  // asleep, until something completes
  os::Ticks hashing_ticks = 0;
  os::Ticks serving_ticks = 0;  // from the worker's start to its end, all of the above in it

  // Of a run that is kept by interval.
  void begin(os::Ticks start, const Cutting& cutting) {
    reads.timeline.begin(start, cutting);
    writes.timeline.begin(start, cutting);
  }
  void end(os::Ticks now) {
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

// What the tool itself adds to what it measures. 0 where it was not measured.
struct OwnCost {
  double clock_ns = 0;    // of one reading of the clock
  double request_ns = 0;  // of one request that does nothing, with all that is recorded of it
};

}  // namespace aiobench::stats
