// Tests the comparison of two costs: exact results for small samples, symmetry of both sides, the
// rate of false alarms between equal builds, and the detection of real changes.
#include "stats/ratio.h"

#include <doctest/doctest.h>

#include <algorithm>
#include <cmath>
#include <random>
#include <vector>

namespace aiobench::stats {
namespace {

using Costs = std::vector<double>;
using Compare = CostRatio (*)(std::span<const double>, std::span<const double>, const Rule&);

// Costs around 1 with the noise of a machine: a run may take far longer than the others.
Costs noisy(std::size_t count, double factor, double noise, std::mt19937& dice) {
  std::normal_distribution<double> normal(0, noise);
  Costs costs;
  for (std::size_t i = 0; i < count; ++i) {
    const double stall = dice() % 20 == 0 ? 1.3 : 1.0;
    costs.push_back(factor * stall * std::exp(normal(dice)));
  }
  return costs;
}

// How often a verdict occurs in a number of comparisons of ten runs per side.
int verdicts(Compare compare, Verdict wanted, double factor, double noise, const Rule& rule) {
  std::mt19937 dice(11);
  int count = 0;
  for (int i = 0; i < 1000; ++i) {
    const Costs base = noisy(10, 1, noise, dice);
    const Costs now = noisy(10, factor, noise, dice);
    const CostRatio ratio = compare(base, now, rule);
    count += verdict_of(ratio, ratio.p(), rule) == wanted ? 1 : 0;
  }
  return count;
}

TEST_CASE("pairs: exact results of eight pairs") {
  const Costs base = {1, 2, 4, 8, 1, 2, 4, 8};
  Costs now = base;
  const Costs ratios = {1.2, 1.3, 1.1, 1.25, 1.4, 1.15, 1.35, 1.01};
  for (std::size_t i = 0; i < now.size(); ++i) now[i] *= ratios[i];
  const CostRatio found = ratio_of_pairs(base, now, {});
  CHECK(found.ratio == doctest::Approx(std::sqrt(1.2 * 1.25)));
  CHECK(found.base == doctest::Approx(std::sqrt(8.0)));
  REQUIRE(found.interval);
  CHECK(found.interval->low == doctest::Approx(1.01));
  CHECK(found.interval->high == doctest::Approx(1.4));
  CHECK(found.p_worse == doctest::Approx(9.0 / 256));  // seven of eight are more than 5 % worse
  CHECK(found.p_better == 1);
  CHECK(found.p() == doctest::Approx(18.0 / 256));
}

TEST_CASE("samples: exact results of four and five runs") {
  const CostRatio found = ratio_of_samples(Costs{4, 1, 2, 8}, Costs{32, 16, 64, 128, 512}, {});
  CHECK(found.base == doctest::Approx(std::sqrt(8.0)));
  CHECK(found.now == doctest::Approx(64));
  CHECK(found.ratio == doctest::Approx(64 / std::sqrt(8.0)));
  REQUIRE(found.interval);  // from the 2nd to the 19th of 20 ratios
  CHECK(found.interval->low == doctest::Approx(4));
  CHECK(found.interval->high == doctest::Approx(256));
  CHECK(found.p_worse == doctest::Approx(1.0 / 126));
  CHECK(found.p_better == 1);
  CHECK(verdict_of(found, found.p(), {}) == Verdict::regression);
}

TEST_CASE("the threshold is part of the test: a change within it does not count") {
  const Costs base = {100, 101, 102, 103, 104, 105, 106, 107};
  Costs now = base;
  for (double& cost : now) cost *= 1.04;
  const CostRatio within = ratio_of_pairs(base, now, {});
  CHECK(within.p_worse == 1);
  CHECK(verdict_of(within, within.p(), {}) == Verdict::no_change);
  const CostRatio beyond = ratio_of_pairs(base, now, {.threshold = 0.03});
  CHECK(beyond.p_worse == doctest::Approx(1.0 / 256));
  CHECK(verdict_of(beyond, beyond.p(), {.threshold = 0.03}) == Verdict::regression);
}

TEST_CASE("swapping the sides gives the inverse ratio and the opposite verdict") {
  std::mt19937 dice(5);
  for (const Compare compare : {ratio_of_pairs, ratio_of_samples}) {
    const Costs base = noisy(12, 1, 0.02, dice);
    const Costs now = noisy(12, 1.2, 0.02, dice);
    const CostRatio there = compare(base, now, {});
    const CostRatio back = compare(now, base, {});
    CHECK(there.ratio * back.ratio == doctest::Approx(1));
    REQUIRE(there.interval);
    REQUIRE(back.interval);
    CHECK(there.interval->low * back.interval->high == doctest::Approx(1));
    CHECK(there.p_worse == back.p_better);
    CHECK(verdict_of(there, there.p(), {}) == Verdict::regression);
    CHECK(verdict_of(back, back.p(), {}) == Verdict::improvement);
  }
}

TEST_CASE("the ratio always lies within its interval") {
  std::mt19937 dice(8);
  for (int i = 0; i < 500; ++i) {
    const Costs base = noisy(4 + dice() % 20, 1, 0.3, dice);
    const Costs now = noisy(base.size(), 1.1, 0.3, dice);
    for (const Compare compare : {ratio_of_pairs, ratio_of_samples}) {
      const CostRatio found = compare(base, now, {.threshold = 0.05, .confidence = 0.5});
      REQUIRE(found.interval);
      REQUIRE(found.interval->low <= found.ratio);
      REQUIRE(found.ratio <= found.interval->high);
    }
  }
}

TEST_CASE("the same build on both sides is called a change in less than 5 % of comparisons") {
  // Even with a threshold of 0, where the true rate is 4.3 % for samples; with a threshold it is
  // close to 0.
  for (const Compare compare : {ratio_of_pairs, ratio_of_samples}) {
    int alarms = 0;
    for (const Verdict verdict : {Verdict::regression, Verdict::improvement}) {
      alarms += verdicts(compare, verdict, 1, 0.03, {.threshold = 0});
      CHECK(verdicts(compare, verdict, 1, 0.03, {}) == 0);
    }
    CHECK(alarms < 50);
    CHECK(alarms > 5);  // the test can fail
  }
}

TEST_CASE("a cost worse by exactly the threshold is called a regression in at most 2.5 %") {
  // The rate for ten runs per side is 2.2 %; in 1,000 comparisons that is 22, with a standard
  // deviation of 5.
  for (const Compare compare : {ratio_of_pairs, ratio_of_samples}) {
    CHECK(verdicts(compare, Verdict::regression, 1.05, 0.03, {}) < 36);
    CHECK(verdicts(compare, Verdict::improvement, 1.05, 0.03, {}) == 0);
  }
}

TEST_CASE("with noise of 3 %, ten runs per side detect a slowdown of 15 %") {
  CHECK(verdicts(ratio_of_pairs, Verdict::regression, 1.15, 0.03, {}) > 850);
  CHECK(verdicts(ratio_of_samples, Verdict::regression, 1.15, 0.03, {}) > 950);
}

TEST_CASE("pairs ignore drift that affects both values") {
  std::mt19937 dice(2);
  Costs base = noisy(12, 1, 0.01, dice);
  Costs now = noisy(12, 1.15, 0.01, dice);
  for (std::size_t i = 0; i < base.size(); ++i) {
    const double drift = std::exp(0.2 * static_cast<double>(i));
    base[i] *= drift;
    now[i] *= drift;
  }
  const CostRatio pairs = ratio_of_pairs(base, now, {});
  CHECK(verdict_of(pairs, pairs.p(), {}) == Verdict::regression);
  const CostRatio samples = ratio_of_samples(base, now, {});
  CHECK(verdict_of(samples, samples.p(), {}) == Verdict::inconclusive);
}

TEST_CASE("too few repetitions have no interval; the minimum number is computed") {
  const CostRatio few = ratio_of_samples(Costs{1, 1, 1}, Costs{9, 9, 9}, {});
  CHECK_FALSE(few.interval);
  CHECK(few.ratio == doctest::Approx(9));
  CHECK(verdict_of(few, few.p(), {}) == Verdict::inconclusive);
  CHECK_FALSE(ratio_of_pairs(Costs(5, 1.0), Costs(5, 9.0), {}).interval);
  CHECK(min_samples(1, {}) == 4);
  CHECK(min_pairs(1, {}) == 6);
  CHECK(min_pairs(25, {}) == 10);
  CHECK(min_samples(25, {}) == 7);
  CHECK(min_pairs(0, {}) == 6);
}

TEST_CASE("a regression needs the adjusted p-value too; a wide interval is inconclusive") {
  const CostRatio worse{.base = 1, .now = 2, .ratio = 2, .interval = Bounds{1.5, 3}};
  CHECK(verdict_of(worse, 0.05, {}) == Verdict::regression);
  CHECK(verdict_of(worse, 0.06, {}) == Verdict::inconclusive);
  const CostRatio wide{.base = 1, .now = 2, .ratio = 2, .interval = Bounds{1.01, 3}};
  CHECK(verdict_of(wide, 0.001, {}) == Verdict::inconclusive);
  const CostRatio same{.base = 1, .now = 1, .ratio = 1, .interval = Bounds{0.96, 1.04}};
  CHECK(verdict_of(same, 1, {}) == Verdict::no_change);
}

}  // namespace
}  // namespace aiobench::stats
