// Tests the median, the published ranks of its interval, and that the interval holds the true
// median with the stated confidence.
#include "stats/summary.h"

#include <doctest/doctest.h>

#include <cmath>
#include <random>

#include "stats/hypothesis.h"

namespace aiobench::stats {
namespace {

TEST_CASE("binomial: the tails of a fair coin, as published") {
  CHECK(fair_coin_at_most(0, 1) == doctest::Approx(0.5));
  CHECK(fair_coin_at_most(1, 10) == doctest::Approx(11.0 / 1024));
  CHECK(fair_coin_at_most(2, 10) == doctest::Approx(56.0 / 1024));
  CHECK(fair_coin_at_most(5, 10) == doctest::Approx(638.0 / 1024));
  CHECK(fair_coin_at_most(9, 10) == doctest::Approx(1023.0 / 1024));
  CHECK(fair_coin_at_most(10, 10) == 1);
  CHECK(fair_coin_at_most(0, 0) == 1);
}

TEST_CASE("binomial: the tail of thousands of tosses is above 0 and at most 1") {
  CHECK(fair_coin_at_most(1999, 4000) + fair_coin_at_most(2000, 4000) == doctest::Approx(1));
  // 2.5 standard deviations below the mean: close to the normal distribution.
  CHECK(fair_coin_at_most(1920, 4000) == doctest::Approx(0.00598).epsilon(0.01));
}

TEST_CASE("binomial: the quantile is the greatest k with a tail within the limit") {
  CHECK(fair_coin_quantile(0.025, 10) == 2);
  CHECK(fair_coin_quantile(1, 10) == 5);
  CHECK(fair_coin_quantile(0.5, 0) == 0);
  for (const std::size_t tosses : {31u, 200u, 3001u}) {
    const std::size_t k = fair_coin_quantile(0.025, tosses);
    CHECK(fair_coin_at_most(k - 1, tosses) <= 0.025);
    CHECK(fair_coin_at_most(k, tosses) > 0.025);
  }
  // Half of the tosses minus 1.96 standard deviations.
  CHECK(std::abs(static_cast<double>(fair_coin_quantile(0.025, 4'000'000)) - 1'998'040) < 2);
}

TEST_CASE("median: odd and even counts, one value, unsorted values") {
  CHECK(median({3, 1, 2}) == 2);
  CHECK(median({4, 1, 3, 2}) == 2.5);
  CHECK(median({7}) == 7);
  CHECK(median({1e308, 1.5e308}) == doctest::Approx(1.25e308));
}

TEST_CASE("median interval: the ranks of the published tables") {
  // From David and Nagaraja, and any table for the sign test: the k-th smallest and greatest value.
  struct Row {
    std::size_t count;
    std::size_t at_95;
    std::size_t at_99;
  };
  constexpr Row kTable[] = {{5, 0, 0},  {6, 1, 0},  {7, 1, 0},   {8, 1, 1},    {9, 2, 1},
                            {10, 2, 1}, {11, 2, 1}, {12, 3, 2},  {13, 3, 2},   {14, 3, 2},
                            {15, 4, 3}, {16, 4, 3}, {17, 5, 3},  {18, 5, 4},   {19, 5, 4},
                            {20, 6, 4}, {25, 8, 6}, {30, 10, 8}, {40, 14, 12}, {50, 18, 16}};
  for (const Row& row : kTable) {
    CAPTURE(row.count);
    CHECK(median_interval_rank(row.count, 0.95) == row.at_95);
    CHECK(median_interval_rank(row.count, 0.99) == row.at_99);
  }
}

TEST_CASE("median interval: its ends are values of the sample, and it holds the median") {
  const std::vector<double> values = {9, 1, 8, 2, 7, 3, 6, 4, 5, 10};
  CHECK(median_interval(values, 0.95) == Bounds{2, 9});
  CHECK(median_interval(values, 0.99) == Bounds{1, 10});
  CHECK_FALSE(median_interval({1, 2, 3, 4, 5}, 0.95));
  CHECK_FALSE(median_interval({}, 0.95));
  // At any confidence.
  CHECK(median_interval({1, 2, 3}, 0.001) == Bounds{1, 3});
  CHECK(median_interval({1, 2, 3, 4}, 0.001) == Bounds{2, 3});
}

TEST_CASE("median interval: a confidence that is reached exactly counts as reached") {
  CHECK(median_interval_rank(6, 1 - 2.0 / 64) == 1);
  CHECK(median_interval_rank(6, 1 - 1.9 / 64) == 0);
}

TEST_CASE("median interval: the minimum number of values") {
  CHECK(min_for_median_interval(0.5) == 2);
  CHECK(min_for_median_interval(0.9) == 5);
  CHECK(min_for_median_interval(0.95) == 6);
  CHECK(min_for_median_interval(0.99) == 8);
  CHECK(min_for_median_interval(0.999) == 11);
}

TEST_CASE(
    "median interval: holds the true median of a skewed distribution with the stated confidence") {
  std::mt19937 dice(6);
  int held = 0;
  constexpr int kSamples = 4000;
  for (int i = 0; i < kSamples; ++i) {
    std::vector<double> values(15);
    for (double& value : values) value = std::exp(std::ldexp(static_cast<double>(dice()), -31));
    const std::optional<Bounds> bounds = median_interval(values, 0.95);
    REQUIRE(bounds);
    held += bounds->low <= std::exp(1.0) && std::exp(1.0) <= bounds->high ? 1 : 0;
  }
  CHECK(held > kSamples * 95 / 100);  // the true rate for 15 values is 96.5 %
  CHECK(held < kSamples * 98 / 100);
}

}  // namespace
}  // namespace aiobench::stats
