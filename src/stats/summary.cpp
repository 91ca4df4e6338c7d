#include "stats/summary.h"

#include <algorithm>

#include "base/check.h"
#include "stats/hypothesis.h"

namespace aiobench::measure {
namespace {

// A tail that is what is allowed but for the last digits of a sum.
constexpr double kRounding = 1e-12;

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

std::size_t least_for_median_interval(double confidence) {
  std::size_t count = 1;
  while (median_interval_rank(count, confidence) == 0) ++count;
  return count;
}

}  // namespace aiobench::measure
