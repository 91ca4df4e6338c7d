#include "stats/sign_test.h"

#include "base/check.h"
#include "stats/hypothesis.h"

namespace aiobench::measure {

double sign_test(std::size_t greater, std::size_t pairs) {
  AIOBENCH_CHECK(greater <= pairs);
  // A coin has as many heads or more as often as it has so many tails or less.
  return fair_coin_at_most(pairs - greater, pairs);
}

}  // namespace aiobench::measure
