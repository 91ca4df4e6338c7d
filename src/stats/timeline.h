// A run divided into intervals of equal length, with the requests, bytes and latencies of each. It
// shows throttling of a device, a full write cache or a busy neighbour, which the totals of the run
// only average.
#pragma once

#include <cstddef>
#include <cstdint>
#include <limits>
#include <utility>
#include <vector>

#include "os/clock.h"
#include "stats/histogram.h"

namespace aiobench::stats {

// How a run is divided into intervals.
struct IntervalSettings {
  os::Ticks length = 0;  // of an interval; 0: no intervals
  std::size_t max = 0;   // maximum number of intervals; beyond it, pairs are merged
};

// The requests of one interval.
struct Slice {
  std::uint64_t index = 0;  // of the interval, from 0
  std::uint64_t requests = 0;
  std::uint64_t bytes = 0;
  // Latencies as (bucket, count). Sparse, because one interval has few different latencies.
  std::vector<std::pair<std::uint32_t, std::uint64_t>> latencies;

  std::uint64_t percentile_ns(double percent) const;
};

// One thread records; merging and reading happen afterwards.
class Timeline {
 public:
  // The first interval begins at `start`, which is the same for all timelines that are merged.
  void begin(os::Ticks start, const IntervalSettings& intervals);

  // The end of the current interval. Before counting a request that completed at or after it, call
  // cut().
  os::Ticks next_cut() const { return next_cut_; }
  // Ends the interval that precedes `now`. `requests`, `bytes` and `latency_ns` are the totals so
  // far; the interval gets what was added since the last cut.
  void cut(os::Ticks now, std::uint64_t requests, std::uint64_t bytes, const Histogram& latency_ns);

  // The same for the last interval, at the end of the run. Does nothing if begin() was not called
  // with a length.
  void end(os::Ticks now, std::uint64_t requests, std::uint64_t bytes, const Histogram& latency_ns);

  void merge(const Timeline& other);

  os::Ticks length() const { return intervals_.length; }
  // In ascending order, without intervals that have no requests.
  const std::vector<Slice>& slices() const { return slices_; }

 private:
  void append(Slice slice);
  void double_length();

  IntervalSettings intervals_;
  os::Ticks start_ = 0;
  os::Ticks next_cut_ = std::numeric_limits<os::Ticks>::max();
  std::vector<Slice> slices_;
  // The totals at the last cut.
  std::uint64_t requests_ = 0;
  std::uint64_t bytes_ = 0;
  Histogram latency_ns_;
};

// The statistics of one direction, reads or writes.
struct Flow {
  Histogram latency_ns;
  std::uint64_t requests = 0;  // that succeeded, or found the end of the file
  std::uint64_t bytes = 0;
  std::uint64_t inline_completions = 0;  // those of `requests` that finished inside the call
  Timeline timeline;                     // the same by interval, except inline completions

  // Counts a request that completed at that time. Completions are counted in order, or nearly.
  void count(os::Ticks completed, std::uint64_t of_bytes, std::uint64_t latency) {
    if (completed >= timeline.next_cut()) timeline.cut(completed, requests, bytes, latency_ns);
    ++requests;
    bytes += of_bytes;
    latency_ns.record(latency);
  }
  // At the end of the run: ends the last interval.
  void end(os::Ticks now) { timeline.end(now, requests, bytes, latency_ns); }

  void merge(const Flow& other) {
    latency_ns.merge(other.latency_ns);
    requests += other.requests;
    bytes += other.bytes;
    inline_completions += other.inline_completions;
    timeline.merge(other.timeline);
  }
};

// What one worker thread records during a run. Nothing is shared, so nothing is locked; the
// recorders of all workers are merged after the run.
struct Recorder {
  Flow reads;
  Flow writes;
  std::uint64_t failures = 0;
  os::Ticks submit_ticks = 0;   // inside submit and flush
  os::Ticks waiting_ticks = 0;  // asleep or polling, until something completes
  os::Ticks hashing_ticks = 0;
  os::Ticks worker_ticks = 0;  // from the worker's start to its end, including all of the above

  // Starts the timelines.
  void begin(os::Ticks start, const IntervalSettings& intervals) {
    reads.timeline.begin(start, intervals);
    writes.timeline.begin(start, intervals);
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
    worker_ticks += other.worker_ticks;
  }
};

// The overhead of the tool; 0 if it was not measured.
struct OwnCost {
  double clock_ns = 0;    // one clock reading
  double request_ns = 0;  // one request that does nothing, including everything recorded about it
};

}  // namespace aiobench::stats
