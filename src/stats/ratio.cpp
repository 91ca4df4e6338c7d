#include "stats/ratio.h"

#include <algorithm>
#include <cmath>
#include <vector>

#include "base/error.h"
#include "stats/hypothesis.h"
#include "stats/summary.h"

namespace aiobench::stats {
namespace {

std::vector<double> logarithms_of(std::span<const double> costs) {
  std::vector<double> logs;
  for (const double cost : costs) {
    AIOBENCH_CHECK(cost > 0 && std::isfinite(cost));
    logs.push_back(std::log(cost));
  }
  return logs;
}

// The ratio of the medians, from the logarithms of the costs.
CostRatio ratio_of_medians(const std::vector<double>& base_logs,
                           const std::vector<double>& now_logs) {
  CostRatio found;
  const double base = median(base_logs);
  const double now = median(now_logs);
  found.base = std::exp(base);
  found.now = std::exp(now);
  found.ratio = std::exp(now - base);
  return found;
}

std::vector<double> shifted(std::vector<double> logs, double by) {
  for (double& value : logs) value += by;
  return logs;
}

// The confidence with which each of several comparisons must be conclusive on its own, so that it
// is conclusive after Holm's adjustment even if its p-value is the smallest: that one is multiplied
// by the number of comparisons.
double confidence_of_each(std::size_t comparisons, const Rule& rule) {
  return 1 - (1 - rule.confidence) / static_cast<double>(std::max<std::size_t>(1, comparisons));
}

}  // namespace

double CostRatio::p() const {
  return std::min(1.0, 2 * std::min(p_worse, p_better));
}

CostRatio ratio_of_samples(std::span<const double> base, std::span<const double> now,
                           const Rule& rule) {
  std::vector<double> base_logs = logarithms_of(base);
  std::vector<double> now_logs = logarithms_of(now);
  CostRatio found = ratio_of_medians(base_logs, now_logs);
  const auto u = MannWhitney::of(base_logs.size(), now_logs.size());
  // The null hypothesis of p_worse: the cost is worse by no more than the threshold. In the extreme
  // case the base costs, multiplied by 1 + threshold, have the distribution of the new costs. Then
  // the number of pairs in which the new cost is the greater one has the distribution of U, and the
  // p-value is the probability of at least this number. For p_better the sides are exchanged.
  const double threshold_log = std::log1p(rule.threshold);
  found.p_worse = u->at_least(greater_pairs(shifted(base_logs, threshold_log), now_logs));
  found.p_better = u->at_least(greater_pairs(shifted(now_logs, threshold_log), base_logs));
  found.min_attainable_p = std::min(1.0, 2 * u->at_most(0));
  const std::uint64_t rank = u->interval_rank(rule.confidence);
  if (rank == 0) return found;
  std::sort(base_logs.begin(), base_logs.end());
  std::sort(now_logs.begin(), now_logs.end());
  const std::uint64_t pairs = std::uint64_t{base_logs.size()} * now_logs.size();
  const double low = std::exp(kth_difference(base_logs, now_logs, rank));
  const double high = std::exp(kth_difference(base_logs, now_logs, pairs + 1 - rank));
  // The interval belongs to the median of all differences, which is not the difference of the
  // medians. So the ratio of the medians may lie outside, and the interval is extended to it.
  found.interval = Bounds{std::min(low, found.ratio), std::max(high, found.ratio)};
  return found;
}

CostRatio ratio_of_pairs(std::span<const double> base, std::span<const double> now,
                         const Rule& rule) {
  AIOBENCH_CHECK(base.size() == now.size());
  const std::vector<double> base_logs = logarithms_of(base);
  const std::vector<double> now_logs = logarithms_of(now);
  CostRatio found = ratio_of_medians(base_logs, now_logs);
  std::vector<double> ratio_logs;
  for (std::size_t i = 0; i < base_logs.size(); ++i) {
    ratio_logs.push_back(now_logs[i] - base_logs[i]);
  }
  found.ratio = std::exp(median(ratio_logs));
  // The null hypothesis of p_worse: in at most half of all pairs the new cost is worse by more than
  // the threshold. For p_better: better.
  const double threshold_log = std::log1p(rule.threshold);
  const auto worse = std::count_if(ratio_logs.begin(), ratio_logs.end(),
                                   [&](double log) { return log > threshold_log; });
  const auto better = std::count_if(ratio_logs.begin(), ratio_logs.end(),
                                    [&](double log) { return log < -threshold_log; });
  found.p_worse = sign_test(static_cast<std::size_t>(worse), ratio_logs.size());
  found.p_better = sign_test(static_cast<std::size_t>(better), ratio_logs.size());
  found.min_attainable_p = std::min(1.0, 2 * sign_test(ratio_logs.size(), ratio_logs.size()));
  if (const std::optional<Bounds> bounds = median_interval(ratio_logs, rule.confidence)) {
    found.interval = Bounds{std::exp(bounds->low), std::exp(bounds->high)};
  }
  return found;
}

// The interval says whether the ratio is beyond the threshold. The p-value, adjusted for the number
// of comparisons, says whether that may be a false alarm. "No change" depends on the interval
// alone.
Verdict verdict_of(const CostRatio& ratio, double adjusted_p, const Rule& rule) {
  if (!ratio.interval) return Verdict::inconclusive;
  const double upper = 1 + rule.threshold;
  const double lower = 1 / upper;
  const auto [low, high] = *ratio.interval;
  if (low >= lower && high <= upper) return Verdict::no_change;
  constexpr double kRounding = 1e-12;
  if (adjusted_p > 1 - rule.confidence + kRounding) return Verdict::inconclusive;
  if (low > upper) return Verdict::regression;
  return high < lower ? Verdict::improvement : Verdict::inconclusive;
}

std::size_t min_samples(std::size_t comparisons, const Rule& rule) {
  return min_for_mann_whitney(confidence_of_each(comparisons, rule));
}

std::size_t min_pairs(std::size_t comparisons, const Rule& rule) {
  return min_for_median_interval(confidence_of_each(comparisons, rule));
}

}  // namespace aiobench::stats
