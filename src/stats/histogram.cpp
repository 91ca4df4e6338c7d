#include "stats/histogram.h"

#include <algorithm>
#include <cmath>

namespace aiobench::measure {
namespace {

// How many of `count` values are `percent` of them, rounded up; at least 1, at most all. In whole
// numbers, with six decimals of the percentage: 99.9 / 100 * 1000 in floating point is a little
// more than 999, which would make p99.9 of 1,000 values the largest.
std::uint64_t rank_of(double percent, std::uint64_t count) {
  constexpr std::uint64_t kScale = 1'000'000;
  constexpr std::uint64_t kAll = 100 * kScale;
  const double scaled = std::round(percent * static_cast<double>(kScale));
  const auto part = static_cast<std::uint64_t>(std::clamp(scaled, 0.0, double{kAll}));
  // count = whole * kAll + rest: neither product can overflow.
  const std::uint64_t whole = count / kAll;
  const std::uint64_t rest = count % kAll;
  return std::clamp<std::uint64_t>(whole * part + (rest * part + kAll - 1) / kAll, 1, count);
}

}  // namespace

void Histogram::record(std::uint64_t value, std::uint64_t times) {
  if (times == 0) return;
  record(value);
  counts_[bucket_of(value)] += times - 1;
  count_ += times - 1;
  sum_ += value * (times - 1);
}

std::vector<std::pair<std::uint32_t, std::uint64_t>> Histogram::since(
    const Histogram& earlier) const {
  std::vector<std::pair<std::uint32_t, std::uint64_t>> added;
  for (std::size_t i = 0; i < counts_.size(); ++i) {
    const std::uint64_t before = earlier.counts_.empty() ? 0 : earlier.counts_[i];
    if (counts_[i] > before) added.emplace_back(static_cast<std::uint32_t>(i), counts_[i] - before);
  }
  return added;
}

void Histogram::merge(const Histogram& other) {
  if (other.count_ == 0) return;
  if (counts_.empty()) counts_.resize(kBuckets);
  for (std::size_t i = 0; i < kBuckets; ++i) counts_[i] += other.counts_[i];
  count_ += other.count_;
  sum_ += other.sum_;
  max_ = std::max(max_, other.max_);
  min_ = std::min(min_, other.min_);
}

double Histogram::mean() const {
  return count_ == 0 ? 0.0 : static_cast<double>(sum_) / static_cast<double>(count_);
}

std::uint64_t Histogram::lowest_of(std::size_t bucket) {
  const std::size_t octave = bucket >> kPartBits;
  if (octave == 0) return bucket;
  const std::uint64_t part = bucket & ((std::size_t{1} << kPartBits) - 1);
  return ((std::uint64_t{1} << kPartBits) + part) << (octave - 1);
}

std::uint64_t Histogram::width_of(std::size_t bucket) {
  const std::size_t octave = bucket >> kPartBits;
  return octave == 0 ? 1 : std::uint64_t{1} << (octave - 1);
}

std::uint64_t Histogram::percentile(double percent) const {
  if (count_ == 0) return 0;
  const std::uint64_t rank = rank_of(percent, count_);
  if (rank == count_) return max_;
  std::uint64_t seen = 0;
  for (std::size_t i = 0; i < kBuckets; ++i) {
    seen += counts_[i];
    if (seen >= rank) return std::clamp(lowest_of(i) + width_of(i) / 2, min_, max_);
  }
  return max_;
}

std::vector<std::pair<std::uint64_t, std::uint64_t>> Histogram::buckets() const {
  std::vector<std::pair<std::uint64_t, std::uint64_t>> filled;
  for (std::size_t i = 0; i < counts_.size(); ++i) {
    if (counts_[i] != 0) filled.emplace_back(lowest_of(i), counts_[i]);
  }
  return filled;
}

}  // namespace aiobench::measure
