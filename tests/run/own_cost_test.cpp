// Tests that the overhead of the tool is measured: it is above 0, and it is at most the time that
// the measurement took.
#include "run/run.h"

#include <doctest/doctest.h>

#include <algorithm>
#include <chrono>

namespace aiobench::run {
namespace {

TEST_CASE("own_cost: both costs are above 0 and within the time of the measurement") {
  os::WakeEvent event;
  const auto before = std::chrono::steady_clock::now();
  const stats::OwnCost cost = own_cost(event);
  const std::chrono::duration<double, std::nano> all = std::chrono::steady_clock::now() - before;
  CHECK(cost.clock_ns > 0);
  CHECK(cost.request_ns > 0);
  // The results are the fastest of three tries of 1,000 readings and 20,000 requests.
  CHECK(cost.clock_ns * 3000 <= all.count());
  CHECK(cost.request_ns * 60'000 <= all.count());
  // With batches, a request reads the clock at least once in eight.
  CHECK(cost.request_ns > cost.clock_ns / 8);
}

}  // namespace
}  // namespace aiobench::run
