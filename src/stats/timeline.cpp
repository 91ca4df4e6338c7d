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

// Slices of the same interval become one.
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

void Timeline::begin(os::Ticks start, const Cutting& cutting) {
  *this = {};
  if (cutting.length == 0) return;
  cutting_ = cutting;
  start_ = start;
  next_cut_ = start + cutting.length;
}

void Timeline::cut(os::Ticks now, std::uint64_t requests, std::uint64_t bytes,
                   const Histogram& latency_ns) {
  Slice slice;
  slice.index = (next_cut_ - start_) / cutting_.length - 1;
  slice.requests = requests - requests_;
  slice.bytes = bytes - bytes_;
  if (slice.requests > 0) {
    slice.latencies = latency_ns.since(latency_ns_);
    append(std::move(slice));
    requests_ = requests;
    bytes_ = bytes;
    latency_ns_ = latency_ns;
  }
  std::uint64_t index = (now - start_) / cutting_.length;
  while (index >= cutting_.most) {
    double_length();
    index /= 2;
  }
  next_cut_ = start_ + (index + 1) * cutting_.length;
}

// After a doubling the interval that was just closed may go on.
void Timeline::append(Slice slice) {
  if (!slices_.empty() && slices_.back().index == slice.index) {
    add(slices_.back(), slice);
  } else {
    slices_.push_back(std::move(slice));
  }
}

void Timeline::double_length() {
  cutting_.length *= 2;
  for (Slice& slice : slices_) slice.index /= 2;
  slices_ = joined(slices_);
}

void Timeline::end(os::Ticks now, std::uint64_t requests, std::uint64_t bytes,
                   const Histogram& latency_ns) {
  if (cutting_.length > 0) cut(now, requests, bytes, latency_ns);
}

void Timeline::merge(const Timeline& other) {
  if (other.slices_.empty()) return;
  if (slices_.empty()) {
    *this = other;
    return;
  }
  Timeline added = other;
  while (added.cutting_.length < cutting_.length) added.double_length();
  while (cutting_.length < added.cutting_.length) double_length();
  std::vector<Slice> both;
  std::merge(slices_.begin(), slices_.end(), added.slices_.begin(), added.slices_.end(),
             std::back_inserter(both),
             [](const Slice& a, const Slice& b) { return a.index < b.index; });
  slices_ = joined(both);
}

}  // namespace aiobench::stats
