// A histogram from what somebody told of one: nothing is taken for granted.
#include <fmt/core.h>

#include "stats/histogram.h"

namespace aiobench::measure {
namespace {

Error refuse(std::string cause) {
  return usage_error("restore a histogram", std::move(cause));
}

std::uint64_t saturating_product(std::uint64_t a, std::uint64_t b) {
  return a != 0 && b > UINT64_MAX / a ? UINT64_MAX : a * b;
}

// As Histogram::mean() works it out.
double mean_of(std::uint64_t sum, std::uint64_t count) {
  return static_cast<double>(sum) / static_cast<double>(count);
}

// The least sum from `low` to `high` whose mean is at least `mean`; `high` where none is.
std::uint64_t least_sum(double mean, std::uint64_t count, std::uint64_t low, std::uint64_t high) {
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

Status Histogram::restore_counts(const Figures& figures) {
  counts_.resize(kBuckets);
  std::size_t next = 0;  // the first bucket that may come next
  for (std::size_t i = 0; i < figures.buckets.size(); ++i) {
    const auto& [lowest, count] = figures.buckets[i];
    const std::size_t bucket = bucket_of(lowest);
    if (lowest_of(bucket) != lowest) {
      return refuse(fmt::format("buckets[{}]: no bucket begins at {}", i, lowest));
    }
    if (bucket < next) return refuse(fmt::format("buckets[{}]: not in ascending order", i));
    if (count == 0) return refuse(fmt::format("buckets[{}]: empty", i));
    if (count > UINT64_MAX - count_) return refuse(fmt::format("buckets[{}]: overflow", i));
    counts_[bucket] = count;
    count_ += count;
    next = bucket + 1;
  }
  return {};
}

Status Histogram::restore_sum(double mean) {
  // Both the sum and the count are rounded to a double before they are divided.
  constexpr double kSlack = 1e-12;
  const std::uint64_t low = saturating_product(min_, count_);
  const std::uint64_t high = saturating_product(max_, count_);
  const double least = mean_of(low, count_);
  const double greatest = mean_of(high, count_);
  if (!(mean >= least * (1 - kSlack) && mean <= greatest * (1 + kSlack))) {
    return refuse("mean: not between min and max, or too large for as many values");
  }
  sum_ = least_sum(mean < greatest ? mean : greatest, count_, low, high);
  return {};
}

Result<Histogram> Histogram::restore(const Figures& figures) {
  Histogram histogram;
  if (figures.buckets.empty()) {
    if (figures.min == 0 && figures.max == 0 && figures.mean == 0) return histogram;
    return refuse("buckets: empty, but min, max or mean is not 0");
  }
  if (Status counted = histogram.restore_counts(figures); !counted) return counted.take_error();
  if (bucket_of(figures.min) != bucket_of(figures.buckets.front().first)) {
    return refuse("min: not in the first bucket");
  }
  if (bucket_of(figures.max) != bucket_of(figures.buckets.back().first)) {
    return refuse("max: not in the last bucket");
  }
  if (figures.min > figures.max) return refuse("min: greater than max");
  histogram.min_ = figures.min;
  histogram.max_ = figures.max;
  if (Status summed = histogram.restore_sum(figures.mean); !summed) return summed.take_error();
  return histogram;
}

}  // namespace aiobench::measure
