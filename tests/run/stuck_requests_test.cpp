// Tests that after an interrupt requests count as stuck only if none of them completes for a
// second, and that this is reported once: on a busy machine thousands of requests may take longer
// to complete.
#include <doctest/doctest.h>

#include "run/run.h"

namespace aiobench::run {
namespace {

constexpr int kTimes = 10;

TEST_CASE("requests that do not complete are stuck after a second, which is reported once") {
  StuckRequests stuck;
  CHECK_FALSE(stuck.seen(2));
  for (int i = 1; i < kTimes; ++i) CHECK_FALSE(stuck.seen(2));
  CHECK(stuck.seen(2));
  for (int i = 0; i < 3 * kTimes; ++i) CHECK_FALSE(stuck.seen(2));
}

TEST_CASE("as long as requests complete, none is stuck") {
  StuckRequests stuck;
  for (std::uint64_t left = 100; left > 0; --left) {
    for (int i = 0; i < kTimes; ++i) CHECK_FALSE(stuck.seen(left));
  }
}

TEST_CASE("no requests in flight are never stuck, however long the rest of the work takes") {
  StuckRequests stuck;
  for (int i = 0; i < 3 * kTimes; ++i) CHECK_FALSE(stuck.seen(0));
  for (int i = 0; i < kTimes; ++i) CHECK_FALSE(stuck.seen(1));
  CHECK(stuck.seen(1));
}

}  // namespace
}  // namespace aiobench::run
