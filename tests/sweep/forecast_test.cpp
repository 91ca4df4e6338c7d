// Proves that the forecast of a sweep starts with guesses and converges to the measured times.
#include "sweep/plan.h"

#include <doctest/doctest.h>

#include "sweep/sweep_fixture.h"

namespace aiobench::test {
namespace {

TEST_CASE("a forecast is the guess until something is measured") {
  const sweep::Forecast forecast({1, 2, 4});
  CHECK(forecast.of(2) == 4);
  CHECK(forecast.of_all({0, 1, 2}) == 7);
  CHECK(forecast.of_all({}) == 0);
}

TEST_CASE("measured times replace guesses and correct the remaining ones") {
  sweep::Forecast forecast({1, 2, 4});
  forecast.learn(0, 3);
  CHECK(forecast.of(0) == 3);
  CHECK(forecast.of(1) == 6);  // the guesses were a third of the measured time
  forecast.learn(0, 5);
  CHECK(forecast.of(0) == 4);
  forecast.learn(1, 2);
  CHECK(forecast.of(1) == 2);
  CHECK(forecast.of(2) == 8);  // guess 3, measured 6
  CHECK(forecast.of_all({0, 1, 2}) == 14);
}

TEST_CASE("guesses of 0 correct nothing") {
  sweep::Forecast forecast({0, 2});
  forecast.learn(0, 3);
  CHECK(forecast.of(1) == 2);
}

TEST_CASE("rounds within a limit of bytes") {
  sweep::Plan plan = sample_plan();  // 1 + 3 rounds of 12 GiB + 1 MiB
  const std::uint64_t round = plan.round_bytes();
  CHECK(sweep::rounds_within(plan, 0) == 0);
  CHECK(sweep::rounds_within(plan, round - 1) == 0);
  CHECK(sweep::rounds_within(plan, round) == 1);
  CHECK(sweep::rounds_within(plan, 3 * round + 5) == 3);
  CHECK(sweep::rounds_within(plan, UINT64_MAX) == 4);
}

}  // namespace
}  // namespace aiobench::test
