// Tests that a run whose second half differs is distinguished from a noisy one, and that short runs
// are not diagnosed.
#include "stats/summary.h"

#include <doctest/doctest.h>

#include <random>
#include <vector>

namespace aiobench::stats {
namespace {

// `count` values around `first`, then `count` around `second`, with that standard deviation.
std::vector<double> run_of(std::size_t count, double first, double second, double noise,
                           unsigned seed) {
  std::mt19937 dice(seed);
  std::normal_distribution<double> around(0, noise);
  std::vector<double> values;
  for (std::size_t i = 0; i < 2 * count; ++i) {
    values.push_back((i < count ? first : second) + around(dice));
  }
  return values;
}

TEST_CASE("drift: a quiet run that slows down by a fifth is detected, with both medians") {
  const std::vector<double> values = run_of(20, 1000, 800, 20, 1);
  const std::optional<Drift> drift = drift_of(values);
  REQUIRE(drift);
  CHECK(drift->first == doctest::Approx(1000).epsilon(0.02));
  CHECK(drift->second == doctest::Approx(800).epsilon(0.02));
  CHECK(drift->change() == doctest::Approx(-0.2).epsilon(0.15));
  CHECK(drift_of(run_of(20, 800, 1000, 20, 1)));
}

TEST_CASE("drift: a change of less than a tenth is ignored, however low the noise") {
  CHECK_FALSE(drift_of(run_of(50, 1000, 920, 0.1, 2)));
  CHECK_FALSE(drift_of(std::vector<double>(100, 5.0)));
}

TEST_CASE("drift: noise alone is reported in less than 1 % of runs") {
  int alarms = 0;
  for (unsigned seed = 0; seed < 1000; ++seed) {
    alarms += drift_of(run_of(10, 1000, 1000, 300, seed)).has_value();
  }
  CHECK(alarms < 10);
}

TEST_CASE("drift: a few stalls are not drift") {
  std::vector<double> values(40, 1000.0);
  for (const std::size_t stalled : {21u, 25u, 33u, 38u}) values[stalled] = 0;
  CHECK_FALSE(drift_of(values));
}

TEST_CASE("drift: sixteen intervals are needed, and a first half above 0") {
  CHECK_FALSE(drift_of(run_of(7, 1000, 100, 1, 3)));
  CHECK(drift_of(run_of(8, 1000, 100, 1, 3)));
  CHECK_FALSE(drift_of(run_of(8, 0, 100, 0, 3)));
  CHECK_FALSE(drift_of({}));
}

}  // namespace
}  // namespace aiobench::stats
