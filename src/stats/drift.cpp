#include "stats/drift.h"

#include <algorithm>
#include <cmath>
#include <vector>

namespace aiobench::measure {
namespace {

constexpr std::size_t kFewest = 16;
constexpr double kLeastChange = 0.1;
constexpr double kErrors = 4;
// Of a normal distribution: the standard deviation over the median absolute deviation, and the
// standard error of a median over that of a mean. Few outliers move neither.
constexpr double kDeviation = 1.4826;
constexpr double kMedianError = 1.2533;

double median_of(std::vector<double> values) {
  const auto middle = values.begin() + static_cast<std::ptrdiff_t>(values.size() / 2);
  std::nth_element(values.begin(), middle, values.end());
  return *middle;
}

}  // namespace

std::optional<Drift> drift_of(std::span<const double> values) {
  if (values.size() < kFewest) return std::nullopt;
  const std::size_t half = values.size() / 2;
  const std::span<const double> parts[] = {values.first(half), values.last(half)};
  double medians[2] = {};
  std::vector<double> deviations;
  for (int i = 0; i < 2; ++i) {
    medians[i] = median_of({parts[i].begin(), parts[i].end()});
    for (const double value : parts[i]) deviations.push_back(std::abs(value - medians[i]));
  }
  const Drift drift{medians[0], medians[1]};
  if (drift.first <= 0) return std::nullopt;
  const double error = kDeviation * kMedianError * median_of(deviations) *
                       std::sqrt(2.0 / static_cast<double>(half));
  const double change = std::abs(drift.second - drift.first);
  const bool differs = change > kLeastChange * drift.first && change > kErrors * error;
  return differs ? std::optional(drift) : std::nullopt;
}

}  // namespace aiobench::measure
