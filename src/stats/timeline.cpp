#include "stats/timeline.h"

#include <algorithm>
#include <iterator>

namespace aiobench::stats {
namespace {

using Latencies = std::vector<std::pair<std::uint32_t, std::uint64_t>>;

Latencies sum_of(const Latencies& a, const Latencies& b) {
  Latencies sum;
  auto left = a.begin();
  for (const auto& [bucket, count] : b) {
    while (left != a.end() && left->first < bucket) sum.push_back(*left++);
    if (left != a.end() && left->first == bucket) {
      sum.emplace_back(bucket, count + left++->second);
    } else {
      sum.emplace_back(bucket, count);
    }
  }
  sum.insert(sum.end(), left, a.end());
  return sum;
}

void add(Slice& slice, const Slice& other) {
  slice.requests += other.requests;
  slice.bytes += other.bytes;
  slice.latencies = sum_of(slice.latencies, other.latencies);
}

// Merges adjacent slices of the same interval.
std::vector<Slice> joined(const std::vector<Slice>& slices) {
  std::vector<Slice> result;
  for (const Slice& slice : slices) {
    if (!result.empty() && result.back().index == slice.index) {
      add(result.back(), slice);
    } else {
      result.push_back(slice);
    }
  }
  return result;
}

}  // namespace

std::uint64_t Slice::percentile_ns(double percent) const {
  Histogram all;
  for (const auto& [bucket, count] : latencies) {
    all.record(Histogram::lowest_of(bucket) + Histogram::width_of(bucket) / 2, count);
  }
  return all.percentile(percent);
}

void Timeline::begin(os::Ticks start, const IntervalSettings& intervals) {
  *this = {};
  if (intervals.length == 0) return;
  intervals_ = intervals;
  start_ = start;
  next_cut_ = start + intervals.length;
}

void Timeline::cut(os::Ticks now, std::uint64_t requests, std::uint64_t bytes,
                   const Histogram& latency_ns) {
  Slice slice;
  slice.index = (next_cut_ - start_) / intervals_.length - 1;
  slice.requests = requests - requests_;
  slice.bytes = bytes - bytes_;
  if (slice.requests > 0) {
    slice.latencies = latency_ns.since(latency_ns_);
    append(std::move(slice));
    requests_ = requests;
    bytes_ = bytes;
    latency_ns_ = latency_ns;
  }
  std::uint64_t index = (now - start_) / intervals_.length;
  while (index >= intervals_.max) {
    double_length();
    index /= 2;
  }
  next_cut_ = start_ + (index + 1) * intervals_.length;
}

// After the length was doubled, the interval that was just ended may continue.
void Timeline::append(Slice slice) {
  if (!slices_.empty() && slices_.back().index == slice.index) {
    add(slices_.back(), slice);
  } else {
    slices_.push_back(std::move(slice));
  }
}

void Timeline::double_length() {
  intervals_.length *= 2;
  for (Slice& slice : slices_) slice.index /= 2;
  slices_ = joined(slices_);
}

void Timeline::end(os::Ticks now, std::uint64_t requests, std::uint64_t bytes,
                   const Histogram& latency_ns) {
  if (intervals_.length > 0) cut(now, requests, bytes, latency_ns);
}

void Timeline::merge(const Timeline& other) {
  if (other.slices_.empty()) return;
  if (slices_.empty()) {
    *this = other;
    return;
  }
  Timeline added = other;
  while (added.intervals_.length < intervals_.length) added.double_length();
  while (intervals_.length < added.intervals_.length) double_length();
  std::vector<Slice> both;
  std::merge(slices_.begin(), slices_.end(), added.slices_.begin(), added.slices_.end(),
             std::back_inserter(both),
             [](const Slice& a, const Slice& b) { return a.index < b.index; });
  slices_ = joined(both);
}

}  // namespace aiobench::stats
