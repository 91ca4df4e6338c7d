// The comparison of two samples of a cost (seconds per byte, latency, processor time), with one
// value per repetition: the base, and `now`, the new side. All computations use the logarithms of
// the costs: if the two sides are swapped, every ratio is the inverse.
//
// The tests do not ask whether there is any difference: enough repetitions always find one. They
// ask whether the cost is worse, or better, by more than the threshold. For independent samples,
// the test is the Mann-Whitney U test and the interval is that of Hodges and Lehmann. For pairs,
// the test is the sign test and the interval lies between two order statistics.
#pragma once

#include <cstddef>
#include <optional>
#include <span>

#include "stats/summary.h"

namespace aiobench::stats {

struct Rule {
  double threshold = 0.05;   // above 1.05 times the cost is worse, below 1 / 1.05 is better
  double confidence = 0.95;  // between 0 and 1
};

// The result of a comparison. All costs are above 0 and finite.
struct CostRatio {
  double base = 0;  // the median of each side: the exponential of the median logarithm
  double now = 0;
  double ratio = 1;  // the new cost divided by that of the base: above 1 is worse
  // The confidence interval of the true ratio. Nothing if there are too few repetitions for this
  // confidence.
  std::optional<Bounds> interval;
  // The one-sided p-values: the probability of results at least as extreme as these, if the cost
  // were not worse (not better) by more than the threshold.
  double p_worse = 1;
  double p_better = 1;
  double min_attainable_p = 1;  // the smallest p() that this number of repetitions can give

  // The two-sided p-value.
  double p() const;
};

// Compares independent samples. `ratio` is the ratio of the medians. In rare cases it lies outside
// the interval of the test; then the interval is extended to it.
CostRatio ratio_of_samples(std::span<const double> base, std::span<const double> now,
                           const Rule& rule);

// Compares repetitions of both sides that alternate: base[i] and now[i] are a pair, measured at
// about the same time. `ratio` is the median of the ratios of the pairs, which drift does not
// affect, and not the ratio of the medians.
CostRatio ratio_of_pairs(std::span<const double> base, std::span<const double> now,
                         const Rule& rule);

enum class Verdict { regression, improvement, no_change, inconclusive };

// Regression or improvement: the whole interval lies beyond the threshold, and `adjusted_p`, the
// p-value adjusted for all comparisons made together, is at most 1 - confidence. No change: the
// whole interval lies within the threshold. Otherwise inconclusive.
Verdict verdict_of(const CostRatio& ratio, double adjusted_p, const Rule& rule);

// The minimum number of repetitions of each side, or of pairs, with which each of `comparisons`
// comparisons can be a regression or an improvement.
std::size_t min_samples(std::size_t comparisons, const Rule& rule);
std::size_t min_pairs(std::size_t comparisons, const Rule& rule);

}  // namespace aiobench::stats
