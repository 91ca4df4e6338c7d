// Proves that what the tool costs is measured and not made up: it is there, it is no more than the
// same work takes as a whole, and an interrupt does not make it wrong.
#include "run/run.h"

#include <doctest/doctest.h>

#include <algorithm>
#include <chrono>

namespace aiobench::run {
namespace {

TEST_CASE(
    "own_cost: the clock's and a request's are more than nothing, and fit into its own time") {
  os::WakeEvent event;
  const auto before = std::chrono::steady_clock::now();
  const stats::OwnCost cost = own_cost(event);
  const std::chrono::duration<double, std::nano> all = std::chrono::steady_clock::now() - before;
  CHECK(cost.clock_ns > 0);
  CHECK(cost.request_ns > 0);
  // Three tries of 1000 readings and of 20,000 requests, of which these are the fastest.
  CHECK(cost.clock_ns * 3000 <= all.count());
  CHECK(cost.request_ns * 60'000 <= all.count());
  // A request reads the clock, submitted or delivered in batches, at least once in eight.
  CHECK(cost.request_ns > cost.clock_ns / 8);
}

}  // namespace
}  // namespace aiobench::run
