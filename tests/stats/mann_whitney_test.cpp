// Tests the distribution of U against the tables published by Mann and Whitney and an example of
// the literature, and the intervals and k-th differences against brute force.
#include "stats/hypothesis.h"

#include <doctest/doctest.h>

#include <algorithm>
#include <random>

#include "stats/summary.h"

namespace aiobench::stats {
namespace {

// The greatest U whose probability is at most that, as in tables of critical values.
int critical(std::size_t first, std::size_t second, double probability) {
  const auto u = MannWhitney::of(first, second);
  int found = -1;
  while (u->at_most(static_cast<std::uint64_t>(found + 1)) <= probability) ++found;
  return found;
}

std::vector<double> differences(const std::vector<double>& first,
                                const std::vector<double>& second) {
  std::vector<double> all;
  for (const double a : first) {
    for (const double b : second) all.push_back(b - a);
  }
  std::sort(all.begin(), all.end());
  return all;
}

TEST_CASE("Mann-Whitney: the probabilities of the original table, for 3, 4 and 5 values each") {
  const std::vector<std::pair<std::size_t, std::vector<double>>> tables = {
      {3, {.050, .100, .200, .350, .500, .650}},
      {4, {.014, .029, .057, .100, .171, .243, .343, .443, .557}},
      {5, {.004, .008, .016, .028, .048, .075, .111, .155, .210, .274, .345, .421, .500, .579}}};
  for (const auto& known : tables) {
    const std::size_t count = known.first;
    const std::vector<double>& table = known.second;
    const MannWhitney u(count, count);
    for (std::size_t i = 0; i < table.size(); ++i) {
      CAPTURE(count);
      CAPTURE(i);
      CHECK(std::abs(u.at_most(i) - table[i]) <= 0.0005001);
    }
  }
}

TEST_CASE("Mann-Whitney: the published critical values") {
  struct Row {
    std::size_t first;
    std::size_t second;
    int at_025;  // two-sided 5 %
    int at_05;
  };
  constexpr Row kTable[] = {{3, 3, -1, 0},    {3, 5, 0, 1},      {4, 4, 0, 1},     {5, 5, 2, 4},
                            {5, 10, 8, 11},   {8, 12, 22, 26},   {10, 10, 23, 27}, {15, 15, 64, 72},
                            {12, 20, 69, 77}, {20, 20, 127, 138}};
  for (const Row& row : kTable) {
    CAPTURE(row.first);
    CAPTURE(row.second);
    CHECK(critical(row.first, row.second, 0.025) == row.at_025);
    CHECK(critical(row.second, row.first, 0.05) == row.at_05);
  }
}

TEST_CASE("Mann-Whitney: the permeability example of Hollander and Wolfe (1973), page 69") {
  const std::vector<double> early = {1.15, 0.88, 0.90, 0.74, 1.21};
  const std::vector<double> term = {0.80, 0.83, 1.89, 1.04, 1.45, 1.38, 1.91, 1.64, 0.73, 1.46};
  CHECK(greater_pairs(early, term) == 35);
  CHECK(MannWhitney::of(5, 10)->at_least(35) == doctest::Approx(0.1272).epsilon(0.0005));
}

TEST_CASE("Mann-Whitney: the recurrence equals an enumeration of all orders") {
  // Of 4 and 6 values: the places, of ten, that belong to the first sample.
  std::vector<int> counts(25);
  std::vector<int> places = {0, 0, 0, 0, 1, 1, 1, 1, 1, 1};
  int orders = 0;
  do {
    int u = 0;
    for (std::size_t i = 0; i < places.size(); ++i) {
      for (std::size_t j = 0; j < i; ++j) u += places[i] == 1 && places[j] == 0 ? 1 : 0;
    }
    ++counts[static_cast<std::size_t>(u)];
    ++orders;
  } while (std::next_permutation(places.begin(), places.end()));
  const MannWhitney u(4, 6);
  double sum = 0;
  for (std::size_t i = 0; i < counts.size(); ++i) {
    sum += static_cast<double>(counts[i]) / orders;
    CHECK(u.at_most(i) == doctest::Approx(sum));
    CHECK(u.at_least(24 - i) == doctest::Approx(sum));
  }
}

TEST_CASE("Mann-Whitney: small probabilities keep their digits, and the ends are exact") {
  CHECK(MannWhitney::of(20, 20)->at_most(0) == doctest::Approx(1 / 137846528820.0));
  CHECK(MannWhitney::of(20, 20)->at_least(400) == doctest::Approx(1 / 137846528820.0));
  CHECK(MannWhitney::of(7, 9)->at_most(63) == 1);
  CHECK(MannWhitney::of(7, 9)->at_most(1000) == 1);
  CHECK(MannWhitney::of(7, 9)->at_least(0) == 1);
}

TEST_CASE("Mann-Whitney: above 100 values the normal approximation continues smoothly") {
  const MannWhitney exact(100, 100);
  const MannWhitney normal(101, 100);
  for (const double share : {0.38, 0.42, 0.5, 0.55}) {
    const double here = exact.at_most(static_cast<std::uint64_t>(share * 10000));
    const double there = normal.at_most(static_cast<std::uint64_t>(share * 10100));
    CAPTURE(share);
    CHECK(here == doctest::Approx(there).epsilon(0.05));
  }
  const auto rank = static_cast<double>(exact.interval_rank(0.95));
  CHECK(static_cast<double>(normal.interval_rank(0.95)) == doctest::Approx(rank).epsilon(0.02));
}

TEST_CASE("Mann-Whitney: ties are not counted") {
  CHECK(greater_pairs(std::vector<double>{1, 2, 2}, std::vector<double>{2, 2, 3}) == 5);
  CHECK(greater_pairs(std::vector<double>{5, 5}, std::vector<double>{5}) == 0);
}

TEST_CASE("Mann-Whitney: the interval ranks follow from the critical values") {
  CHECK(MannWhitney::of(3, 3)->interval_rank(0.95) == 0);
  CHECK(MannWhitney::of(4, 4)->interval_rank(0.95) == 1);
  CHECK(MannWhitney::of(10, 10)->interval_rank(0.95) == 24);
  CHECK(MannWhitney::of(8, 12)->interval_rank(0.95) == 23);
  CHECK(MannWhitney::of(1, 1)->interval_rank(0.95) == 0);
  CHECK(min_for_mann_whitney(0.95) == 4);
  CHECK(min_for_mann_whitney(0.9) == 3);
  CHECK(min_for_mann_whitney(0.99) == 5);
}

TEST_CASE("pairwise: the k-th difference equals that of the sorted list, with and without ties") {
  std::mt19937 dice(3);
  for (int round = 0; round < 60; ++round) {
    std::vector<double> first(1 + dice() % 9);
    std::vector<double> second(1 + dice() % 9);
    const bool ties = round % 2 == 0;
    for (std::vector<double>* sample : {&first, &second}) {
      for (double& value : *sample) value = ties ? double(dice() % 4) : double(dice()) * 1e-9;
      std::sort(sample->begin(), sample->end());
    }
    const std::vector<double> all = differences(first, second);
    for (std::size_t k = 1; k <= all.size(); ++k) {
      REQUIRE(kth_difference(first, second, k) == all[k - 1]);
    }
  }
}

}  // namespace
}  // namespace aiobench::stats
