#include "stats/histogram.h"

#include <fmt/core.h>

#include <algorithm>
#include <cmath>

namespace aiobench::stats {
namespace {

// The rank of a percentile: `percent` % of `count`, rounded up; from 1 to `count`. Computed in
// integers, with six decimals of the percentage: in floating point, 99.9 / 100 * 1000 is a little
// more than 999, which would make p99.9 of 1,000 values the largest value.
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

// The figures come from a file, so each of them is checked.
Error invalid_figures(std::string cause) {
  return usage_error("restore a histogram", std::move(cause));
}

std::uint64_t saturating_product(std::uint64_t a, std::uint64_t b) {
  return a != 0 && b > UINT64_MAX / a ? UINT64_MAX : a * b;
}

// As Histogram::mean() computes it.
double mean_of(std::uint64_t sum, std::uint64_t count) {
  return static_cast<double>(sum) / static_cast<double>(count);
}

// The smallest sum from `low` to `high` whose mean is at least `mean`; `high` if there is none.
std::uint64_t min_sum(double mean, std::uint64_t count, std::uint64_t low, std::uint64_t high) {
  while (low < high) {
    const std::uint64_t middle = low + (high - low) / 2;
    if (mean_of(middle, count) >= mean) {
      high = middle;
    } else {
      low = middle + 1;
    }
  }
  return low;
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

Status Histogram::restore_counts(const Figures& figures) {
  counts_.resize(kBuckets);
  std::size_t next = 0;  // the lowest bucket that may follow
  for (std::size_t i = 0; i < figures.buckets.size(); ++i) {
    const auto& [lowest, count] = figures.buckets[i];
    const std::size_t bucket = bucket_of(lowest);
    if (lowest_of(bucket) != lowest) {
      return invalid_figures(fmt::format("buckets[{}]: no bucket begins at {}", i, lowest));
    }
    if (bucket < next)
      return invalid_figures(fmt::format("buckets[{}]: not in ascending order", i));
    if (count == 0) return invalid_figures(fmt::format("buckets[{}]: empty", i));
    if (count > UINT64_MAX - count_)
      return invalid_figures(fmt::format("buckets[{}]: overflow", i));
    counts_[bucket] = count;
    count_ += count;
    next = bucket + 1;
  }
  return {};
}

Status Histogram::restore_sum(double mean) {
  // Tolerance: the sum and the count are both rounded to double before the division.
  constexpr double kSlack = 1e-12;
  const std::uint64_t low = saturating_product(min_, count_);
  const std::uint64_t high = saturating_product(max_, count_);
  const double min = mean_of(low, count_);
  const double greatest = mean_of(high, count_);
  if (!(mean >= min * (1 - kSlack) && mean <= greatest * (1 + kSlack))) {
    return invalid_figures("mean: not between min and max, or too large for this number of values");
  }
  sum_ = min_sum(mean < greatest ? mean : greatest, count_, low, high);
  return {};
}

Result<Histogram> Histogram::restore(const Figures& figures) {
  Histogram histogram;
  if (figures.buckets.empty()) {
    if (figures.min == 0 && figures.max == 0 && figures.mean == 0) return histogram;
    return invalid_figures("buckets: empty, but min, max or mean is not 0");
  }
  if (Status counted = histogram.restore_counts(figures); !counted) return counted.take_error();
  if (bucket_of(figures.min) != bucket_of(figures.buckets.front().first)) {
    return invalid_figures("min: not in the first bucket");
  }
  if (bucket_of(figures.max) != bucket_of(figures.buckets.back().first)) {
    return invalid_figures("max: not in the last bucket");
  }
  if (figures.min > figures.max) return invalid_figures("min: greater than max");
  histogram.min_ = figures.min;
  histogram.max_ = figures.max;
  if (Status summed = histogram.restore_sum(figures.mean); !summed) return summed.take_error();
  return histogram;
}

}  // namespace aiobench::stats
