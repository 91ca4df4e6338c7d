// Tests, with examples computed by hand, the share of the processors that other processes used, and
// that it is unknown if the time is too short or a reading is missing.
#include "run/run.h"

#include <doctest/doctest.h>

namespace aiobench::run {
namespace {

using os::SystemCpuTime;

TEST_CASE("busy time that is not of this process belongs to others") {
  const SystemCpuTime before{100, 1000};
  CHECK(*other_cpu_share(before, SystemCpuTime{103, 1004}, 1) == doctest::Approx(0.5));
  CHECK(*other_cpu_share(before, SystemCpuTime{103, 1004}, 3) == doctest::Approx(0));
  CHECK(*other_cpu_share(before, SystemCpuTime{104, 1004}, 0) == doctest::Approx(1));
}

TEST_CASE("the steps of the counters never give a share below 0 or above 1") {
  const SystemCpuTime before{100, 1000};
  CHECK(*other_cpu_share(before, SystemCpuTime{101, 1002}, 1.02) == 0);
  CHECK(*other_cpu_share(before, SystemCpuTime{102.02, 1002}, 0) == 1);
}

TEST_CASE("a time too short for the steps of the counters gives no share") {
  const SystemCpuTime before{100, 1000};
  CHECK_FALSE(other_cpu_share(before, SystemCpuTime{100.4, 1000.49}, 0));
  CHECK(other_cpu_share(before, SystemCpuTime{100.4, 1000.51}, 0));
  CHECK_FALSE(other_cpu_share(before, before, 0));
}

TEST_CASE("without a system reading the share is unknown") {
  const SystemCpuTime some{100, 1000};
  CHECK_FALSE(other_cpu_share(std::nullopt, some, 0));
  CHECK_FALSE(other_cpu_share(some, std::nullopt, 0));
}

}  // namespace
}  // namespace aiobench::run
