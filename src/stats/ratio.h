// The comparison of two samples of a cost (seconds per byte, latency, processor time), with one
// value per run. All computations use ratios, that is, logarithms: if the two sides are swapped,
// every result is the inverse.
//
// The threshold is part of the hypothesis. The tests do not ask whether there is any difference,
// which enough runs always find, but whether the cost is worse, or better, by more than the
// threshold. Interval and test belong together: for independent samples, the Mann-Whitney U test
// and the Hodges-Lehmann interval; for pairs, the sign test and the interval between order
// statistics.
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
  double base = 0;  // the medians, as the exponential of the median logarithm
  double now = 0;
  double ratio = 1;  // now over base
  // The confidence interval of the true ratio. Nothing if there are too few runs for this
  // confidence.
  std::optional<Bounds> interval;
  // The one-sided p-values: the probability of results at least as extreme as these, if the cost
  // were not worse (not better) by more than the threshold.
  double p_worse = 1;
  double p_better = 1;
  double min_p = 1;  // the smallest p() that this number of runs can give

  // The two-sided p-value.
  double p() const;
};

// Compares independent samples. `ratio` is the ratio of the medians. In rare cases it lies outside
// the interval of the test; then the interval is extended to it.
CostRatio ratio_of_samples(std::span<const double> base, std::span<const double> now,
                           const Rule& rule);

// Compares runs that alternate: base[i] and now[i] are a pair, measured at about the same time.
// `ratio` is the median of the ratios of the pairs, which drift does not affect, and not the ratio
// of the medians.
CostRatio ratio_of_pairs(std::span<const double> base, std::span<const double> now,
                         const Rule& rule);

enum class Verdict { regression, improvement, no_change, inconclusive };

// Worse or better only if the whole interval lies beyond the threshold, and the p-value, adjusted
// for all comparisons made together, is small enough. No change if the whole interval lies within
// the threshold.
Verdict verdict_of(const CostRatio& ratio, double adjusted_p, const Rule& rule);

// The minimum number of runs per side with which any of `comparisons` comparisons can be
// conclusive.
std::size_t min_samples(std::size_t comparisons, const Rule& rule);
std::size_t min_pairs(std::size_t comparisons, const Rule& rule);

}  // namespace aiobench::stats
