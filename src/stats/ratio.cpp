#include "stats/ratio.h"

#include <algorithm>
#include <cmath>
#include <vector>

#include "base/check.h"
#include "stats/hypothesis.h"
#include "stats/summary.h"

namespace aiobench::stats {
namespace {

std::vector<double> logs_of(std::span<const double> costs) {
  std::vector<double> logs;
  for (const double cost : costs) {
    AIOBENCH_CHECK(cost > 0 && std::isfinite(cost));
    logs.push_back(std::log(cost));
  }
  return logs;
}

CostRatio ratio_of_medians(const std::vector<double>& base, const std::vector<double>& now) {
  CostRatio found;
  const double before = median(base);
  const double after = median(now);
  found.base = std::exp(before);
  found.now = std::exp(after);
  found.ratio = std::exp(after - before);
  return found;
}

std::vector<double> shifted(std::vector<double> logs, double by) {
  for (double& value : logs) value += by;
  return logs;
}

// The confidence that one comparison needs after the strictest step of the correction of Holm.
double hardest(std::size_t comparisons, const Rule& rule) {
  return 1 - (1 - rule.confidence) / static_cast<double>(std::max<std::size_t>(1, comparisons));
}

}  // namespace

double CostRatio::p() const {
  return std::min(1.0, 2 * std::min(p_worse, p_better));
}

CostRatio ratio_of_samples(std::span<const double> base, std::span<const double> now,
                           const Rule& rule) {
  std::vector<double> before = logs_of(base);
  std::vector<double> after = logs_of(now);
  CostRatio found = ratio_of_medians(before, after);
  const auto u = MannWhitney::of(before.size(), after.size());
  // If the cost were worse by exactly the threshold, the shifted samples would have the same
  // distribution.
  const double beyond = std::log1p(rule.threshold);
  found.p_worse = u->at_least(greater_pairs(shifted(before, beyond), after));
  found.p_better = u->at_least(greater_pairs(shifted(after, beyond), before));
  found.min_p = std::min(1.0, 2 * u->at_most(0));
  const std::uint64_t rank = u->interval_rank(rule.confidence);
  if (rank == 0) return found;
  std::sort(before.begin(), before.end());
  std::sort(after.begin(), after.end());
  const std::uint64_t pairs = std::uint64_t{before.size()} * after.size();
  const double low = std::exp(kth_difference(before, after, rank));
  const double high = std::exp(kth_difference(before, after, pairs + 1 - rank));
  found.interval = Bounds{std::min(low, found.ratio), std::max(high, found.ratio)};
  return found;
}

CostRatio ratio_of_pairs(std::span<const double> base, std::span<const double> now,
                         const Rule& rule) {
  AIOBENCH_CHECK(base.size() == now.size());
  const std::vector<double> before = logs_of(base);
  const std::vector<double> after = logs_of(now);
  CostRatio found = ratio_of_medians(before, after);
  std::vector<double> ratios;
  for (std::size_t i = 0; i < before.size(); ++i) ratios.push_back(after[i] - before[i]);
  found.ratio = std::exp(median(ratios));
  const double beyond = std::log1p(rule.threshold);
  const auto worse =
      std::count_if(ratios.begin(), ratios.end(), [&](double ratio) { return ratio > beyond; });
  const auto better =
      std::count_if(ratios.begin(), ratios.end(), [&](double ratio) { return ratio < -beyond; });
  found.p_worse = sign_test(static_cast<std::size_t>(worse), ratios.size());
  found.p_better = sign_test(static_cast<std::size_t>(better), ratios.size());
  found.min_p = std::min(1.0, 2 * sign_test(ratios.size(), ratios.size()));
  if (const std::optional<Bounds> bounds = median_interval(ratios, rule.confidence)) {
    found.interval = Bounds{std::exp(bounds->low), std::exp(bounds->high)};
  }
  return found;
}

Verdict verdict_of(const CostRatio& ratio, double adjusted_p, const Rule& rule) {
  if (!ratio.interval) return Verdict::inconclusive;
  const double worse = 1 + rule.threshold;
  const double better = 1 / worse;
  const auto [low, high] = *ratio.interval;
  if (low >= better && high <= worse) return Verdict::no_change;
  constexpr double kRounding = 1e-12;
  if (adjusted_p > 1 - rule.confidence + kRounding) return Verdict::inconclusive;
  if (low > worse) return Verdict::regression;
  return high < better ? Verdict::improvement : Verdict::inconclusive;
}

std::size_t min_samples(std::size_t comparisons, const Rule& rule) {
  return min_for_mann_whitney(hardest(comparisons, rule));
}

std::size_t min_pairs(std::size_t comparisons, const Rule& rule) {
  return min_for_median_interval(hardest(comparisons, rule));
}

}  // namespace aiobench::stats
