// Tests the adjustment of Holm against common textbook examples, and the sign test against its
// published table.
#include "stats/hypothesis.h"

#include <doctest/doctest.h>

namespace aiobench::stats {
namespace {

void check_same(const std::vector<double>& found, const std::vector<double>& wanted) {
  REQUIRE(found.size() == wanted.size());
  for (std::size_t i = 0; i < wanted.size(); ++i) CHECK(found[i] == doctest::Approx(wanted[i]));
}

TEST_CASE("Holm: four tests, two of them significant at 5 %, in the given order") {
  check_same(holm({0.01, 0.04, 0.03, 0.005}), {0.03, 0.06, 0.06, 0.02});
}

TEST_CASE("Holm: the adjusted values are monotonic") {
  check_same(holm({0.01, 0.02, 0.03, 0.04, 0.05}), {0.05, 0.08, 0.09, 0.09, 0.09});
}

TEST_CASE("Holm: no test, one test, and never above 1") {
  CHECK(holm({}).empty());
  check_same(holm({0.04}), {0.04});
  check_same(holm({0.9, 0.6, 0.7}), {1, 1, 1});
  check_same(holm({0.02, 0.02}), {0.04, 0.04});
}

TEST_CASE("sign test: the one-sided probabilities of its table") {
  CHECK(sign_test(6, 6) == doctest::Approx(0.015625));
  CHECK(sign_test(8, 10) == doctest::Approx(0.0546875));
  CHECK(sign_test(9, 10) == doctest::Approx(0.0107422));
  CHECK(sign_test(15, 20) == doctest::Approx(0.0206947));
  CHECK(sign_test(0, 10) == 1);
  CHECK(sign_test(5, 10) > 0.5);
}

}  // namespace
}  // namespace aiobench::stats
