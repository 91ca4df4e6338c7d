// Requests of one direction, reads or writes, counted.
#pragma once

#include <cstdint>

#include "stats/histogram.h"
#include "stats/timeline.h"

namespace aiobench::measure {

struct Flow {
  Histogram latency_ns;
  std::uint64_t requests = 0;  // that transferred something, or the end of the file
  std::uint64_t bytes = 0;
  std::uint64_t inline_completions = 0;  // of `requests`: finished inside the call
  Timeline timeline;                     // the same, but for inline completions, by interval

  // One that was done at that moment. Completions are counted in their order, or nearly.
  void count(platform::Ticks completed, std::uint64_t of_bytes, std::uint64_t latency) {
    if (completed >= timeline.next_cut()) timeline.cut(completed, requests, bytes, latency_ns);
    ++requests;
    bytes += of_bytes;
    latency_ns.record(latency);
  }
  // At the end: what was counted since the last cut is an interval too.
  void end(platform::Ticks now) { timeline.end(now, requests, bytes, latency_ns); }

  void merge(const Flow& other) {
    latency_ns.merge(other.latency_ns);
    requests += other.requests;
    bytes += other.bytes;
    inline_completions += other.inline_completions;
    timeline.merge(other.timeline);
  }
};

}  // namespace aiobench::measure
