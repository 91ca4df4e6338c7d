// Whether something costs more than it did: two samples of a cost (seconds a byte, latency,
// processor time), one value for each whole run. Everything is done on ratios, that is, in
// logarithms: with both sides swapped it all comes out as the inverse.
//
// The threshold is part of the question. What is tested is not whether there is any difference at
// all, which enough runs always find, but whether the cost is more than the threshold worse, or
// better. Interval and test are two sides of the same thing: of samples, Mann and Whitney's test
// and the interval that Hodges and Lehmann take from it; of pairs, the sign test and the interval
// between order statistics.
#pragma once

#include <cstddef>
#include <optional>
#include <span>

#include "stats/summary.h"

namespace aiobench::stats {

struct Rule {
  double threshold = 0.05;   // more than 1.05 times the cost is worse, less than 1 / 1.05 better
  double confidence = 0.95;  // between 0 and 1
};

// What was made of the costs, each above 0 and finite.
struct CostRatio {
  double base = 0;  // the medians, in logarithms: of an even number, between the middle two
  double now = 0;
  double ratio = 1;  // new over base
  // Of the true ratio. Nothing where there are too few runs for this confidence.
  std::optional<Bounds> interval;
  // The probabilities of runs that speak for it as much as these, or more, were the cost not more
  // than the threshold worse, or better.
  double p_worse = 1;
  double p_better = 1;
  double least_p = 1;  // that p() of so many runs can come to

  // Of both questions together.
  double p() const;
};

// Of samples that have nothing to do with each other. `ratio` is that of the medians. Where, which
// is rare, it lies outside the interval of the test, the interval reaches to it.
CostRatio ratio_of_samples(std::span<const double> base, std::span<const double> now,
                           const Rule& rule);

// Of runs that were made in turn: base[i] and now[i] are a pair, of the same time. `ratio` is the
// median of the pairs' ratios, which drift does not touch, and not that of the medians.
CostRatio ratio_of_pairs(std::span<const double> base, std::span<const double> now,
                         const Rule& rule);

enum class Verdict { regression, improvement, no_change, inconclusive };

// Worse or better only where the whole interval is beyond the threshold, and the p-value, adjusted
// for all comparisons that were made together, is small enough; no change where the whole interval
// lies within the threshold.
Verdict verdict_of(const CostRatio& ratio, double adjusted_p, const Rule& rule);

// The least number of runs on each side with which one of so many comparisons can be anything but
// inconclusive at all.
std::size_t least_samples(std::size_t comparisons, const Rule& rule);
std::size_t least_pairs(std::size_t comparisons, const Rule& rule);

}  // namespace aiobench::stats
