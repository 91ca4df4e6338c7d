// What happened when: a run cut into intervals of equal length, with the requests, the bytes and
// the latencies of each. A device that throttles, a write cache that is full or a busy neighbour is
// seen in it, where the figures of the whole run show their mean.
#pragma once

#include <cstddef>
#include <cstdint>
#include <limits>
#include <utility>
#include <vector>

#include "stats/histogram.h"
#include "os/clock.h"

namespace aiobench::measure {

// How a run is cut.
struct Cutting {
  platform::Ticks length = 0;  // of an interval; 0: the run is not cut
  std::size_t most = 0;        // intervals; two become one each time that there would be more
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
  void begin(platform::Ticks start, const Cutting& cutting);

  // From this moment on, what is to be counted belongs to another interval: cut() comes first.
  platform::Ticks next_cut() const { return next_cut_; }
  // Closes the interval before `now`: to it belongs what was counted since the last cut, given all
  // that was counted so far.
  void cut(platform::Ticks now, std::uint64_t requests, std::uint64_t bytes,
           const Histogram& latency_ns);

  // The same for the last interval, at the end of the run. Does nothing where none was begun.
  void end(platform::Ticks now, std::uint64_t requests, std::uint64_t bytes,
           const Histogram& latency_ns);

  void merge(const Timeline& other);

  platform::Ticks length() const { return cutting_.length; }
  // In order; intervals without requests are left out.
  const std::vector<Slice>& slices() const { return slices_; }

 private:
  void append(Slice slice);
  void double_length();

  Cutting cutting_;
  platform::Ticks start_ = 0;
  platform::Ticks next_cut_ = std::numeric_limits<platform::Ticks>::max();
  std::vector<Slice> slices_;
  // At the last cut.
  std::uint64_t requests_ = 0;
  std::uint64_t bytes_ = 0;
  Histogram latency_ns_;
};

}  // namespace aiobench::measure
