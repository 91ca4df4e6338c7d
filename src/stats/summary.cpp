#include "stats/summary.h"

#include <algorithm>
#include <cmath>
#include <vector>

#include "base/error.h"
#include "stats/hypothesis.h"

namespace aiobench::stats {
namespace {

// Tolerance for a tail probability that equals the allowed one except for the rounding of its sum.
constexpr double kRounding = 1e-12;

struct UpTo {
  std::uint64_t count = 0;  // differences of at most the limit
  double next = 0;  // the smallest difference above the limit; the limit itself if there is none
};

// The differences of a value of `second` minus a value of `first`, compared with `limit`. Both are
// sorted, so one pass over both is enough: for a greater value of `first`, at least as many values
// of `second` are within the limit.
UpTo up_to(const std::vector<double>& first, const std::vector<double>& second, double limit) {
  UpTo found{.count = 0, .next = limit};
  std::size_t fit = 0;
  for (const double value : first) {
    while (fit < second.size() && second[fit] - value <= limit) ++fit;
    found.count += fit;
    if (fit == second.size()) continue;
    const double above = second[fit] - value;
    if (found.next == limit || above < found.next) found.next = above;
  }
  return found;
}

// For drift_of(): the minimum number of values; the minimum change, as a share of the first median
// and in standard errors.
constexpr std::size_t kMinValues = 16;
constexpr double kMinChange = 0.1;
constexpr double kMinErrors = 4;
// For a normal distribution: the ratio of the standard deviation to the median absolute deviation,
// and the ratio of the standard error of a median to that of a mean. A few outliers change neither
// of the medians.
constexpr double kDeviation = 1.4826;
constexpr double kMedianError = 1.2533;

// Of an even number of values, the greater one of the two in the middle. It needs no sorting.
double upper_median(std::vector<double> values) {
  const auto middle = values.begin() + static_cast<std::ptrdiff_t>(values.size() / 2);
  std::nth_element(values.begin(), middle, values.end());
  return *middle;
}

}  // namespace

double median(std::vector<double> values) {
  AIOBENCH_CHECK(!values.empty());
  std::sort(values.begin(), values.end());
  const std::size_t middle = values.size() / 2;
  if (values.size() % 2 == 1) return values[middle];
  return values[middle - 1] + (values[middle] - values[middle - 1]) / 2;
}

std::size_t median_interval_rank(std::size_t count, double confidence) {
  AIOBENCH_CHECK(confidence > 0 && confidence < 1);
  return fair_coin_quantile((1 - confidence) / 2 + kRounding, count);
}

std::optional<Bounds> median_interval(std::vector<double> values, double confidence) {
  const std::size_t rank = median_interval_rank(values.size(), confidence);
  if (rank == 0) return std::nullopt;
  std::sort(values.begin(), values.end());
  return Bounds{values[rank - 1], values[values.size() - rank]};
}

std::size_t min_for_median_interval(double confidence) {
  std::size_t count = 1;
  while (median_interval_rank(count, confidence) == 0) ++count;
  return count;
}

double kth_difference(const std::vector<double>& first, const std::vector<double>& second,
                      std::uint64_t k) {
  AIOBENCH_CHECK(k > 0 && k <= std::uint64_t{first.size()} * second.size());
  double low = second.front() - first.back();
  double high = second.back() - first.front();
  if (up_to(first, second, low).count >= k) return low;
  // Invariant: fewer than k differences are at most `low`, at least k are at most `high`.
  for (;;) {
    const double next = up_to(first, second, low).next;
    if (up_to(first, second, next).count >= k) return next;
    const double middle = low + (high - low) / 2;
    (up_to(first, second, middle).count >= k ? high : low) = middle;
  }
}

std::optional<Drift> drift_of(std::span<const double> values) {
  if (values.size() < kMinValues) return std::nullopt;
  const std::size_t half = values.size() / 2;
  const std::span<const double> parts[] = {values.first(half), values.last(half)};
  double medians[2] = {};
  std::vector<double> deviations;
  for (int i = 0; i < 2; ++i) {
    medians[i] = upper_median({parts[i].begin(), parts[i].end()});
    for (const double value : parts[i]) deviations.push_back(std::abs(value - medians[i]));
  }
  const Drift drift{medians[0], medians[1]};
  if (drift.first <= 0) return std::nullopt;
  const double error = kDeviation * kMedianError * upper_median(deviations) *
                       std::sqrt(2.0 / static_cast<double>(half));
  const double change = std::abs(drift.second - drift.first);
  const bool differs = change > kMinChange * drift.first && change > kMinErrors * error;
  return differs ? std::optional(drift) : std::nullopt;
}

}  // namespace aiobench::stats
