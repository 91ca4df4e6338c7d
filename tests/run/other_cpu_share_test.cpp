// Proves by examples worked out by hand what share of the processors others are said to have taken,
// and that nothing is said where the time was too short or is not known.
#include "run/run.h"

#include <doctest/doctest.h>

namespace aiobench::run {
namespace {

using os::SystemCpuTime;

TEST_CASE("what was busy without this process was others'") {
  const SystemCpuTime before{100, 1000};
  CHECK(*other_cpu_share(before, SystemCpuTime{103, 1004}, 1) == doctest::Approx(0.5));
  CHECK(*other_cpu_share(before, SystemCpuTime{103, 1004}, 3) == doctest::Approx(0));
  CHECK(*other_cpu_share(before, SystemCpuTime{104, 1004}, 0) == doctest::Approx(1));
}

TEST_CASE("steps of the counters make no share below 0 or above 1") {
  const SystemCpuTime before{100, 1000};
  CHECK(*other_cpu_share(before, SystemCpuTime{101, 1002}, 1.02) == 0);
  CHECK(*other_cpu_share(before, SystemCpuTime{102.02, 1002}, 0) == 1);
}

TEST_CASE("a time too short for the counters' steps gives no share") {
  const SystemCpuTime before{100, 1000};
  CHECK_FALSE(other_cpu_share(before, SystemCpuTime{100.4, 1000.49}, 0));
  CHECK(other_cpu_share(before, SystemCpuTime{100.4, 1000.51}, 0));
  CHECK_FALSE(other_cpu_share(before, before, 0));
}

TEST_CASE("what the system does not tell is not known") {
  const SystemCpuTime some{100, 1000};
  CHECK_FALSE(other_cpu_share(std::nullopt, some, 0));
  CHECK_FALSE(other_cpu_share(some, std::nullopt, 0));
}

}  // namespace
}  // namespace aiobench::run
