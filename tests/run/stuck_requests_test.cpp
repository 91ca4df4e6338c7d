// Proves that after an interrupt requests count as stuck only where none of them comes back for a
// second, and that this is told once: on a busy machine thousands may take longer to come back.
#include <doctest/doctest.h>

#include "run/run.h"

namespace aiobench::run {
namespace {

constexpr int kTimes = 10;

TEST_CASE("requests that do not come back are stuck after a second, and that is told once") {
  StuckRequests stuck;
  CHECK_FALSE(stuck.seen(2));
  for (int i = 1; i < kTimes; ++i) CHECK_FALSE(stuck.seen(2));
  CHECK(stuck.seen(2));
  for (int i = 0; i < 3 * kTimes; ++i) CHECK_FALSE(stuck.seen(2));
}

TEST_CASE("as long as one comes back now and then, none is stuck") {
  StuckRequests stuck;
  for (std::uint64_t left = 100; left > 0; --left) {
    for (int i = 0; i < kTimes; ++i) CHECK_FALSE(stuck.seen(left));
  }
}

TEST_CASE("nothing in flight is not stuck, however long the rest of the work takes") {
  StuckRequests stuck;
  for (int i = 0; i < 3 * kTimes; ++i) CHECK_FALSE(stuck.seen(0));
  for (int i = 0; i < kTimes; ++i) CHECK_FALSE(stuck.seen(1));
  CHECK(stuck.seen(1));
}

}  // namespace
}  // namespace aiobench::run
