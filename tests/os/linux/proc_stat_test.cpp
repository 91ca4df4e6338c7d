// Proves which fields of the kernel's line on all processors count as busy, and that a shorter or
// different line gives no result.
#include "os/linux/internal.h"

#include <doctest/doctest.h>

namespace aiobench::os {
namespace {

TEST_CASE("busy is the time of processes and of the hypervisor, without waiting and interrupts") {
  //                                    user nice system idle iowait irq softirq steal guest
  const auto time = parse_cpu_line("cpu  100 20 30 1000 200 40 50 5 70 8", 0.01);
  REQUIRE(time);
  CHECK(time->busy_seconds == doctest::Approx(1.55));
  CHECK(time->all_seconds == doctest::Approx(14.45));
}

TEST_CASE("an old kernel reports fewer fields") {
  const auto time = parse_cpu_line("cpu 100 20 30 1000", 0.5);
  REQUIRE(time);
  CHECK(time->busy_seconds == doctest::Approx(75));
  CHECK(time->all_seconds == doctest::Approx(575));
}

TEST_CASE("another line gives no result") {
  for (const char* const line :
       {"", "cpu", "cpu  1 2 3", "cpu0 100 20 30 1000", "intr 1 2 3 4 5", "cpu  1 2 x 4 5"}) {
    CAPTURE(line);
    CHECK_FALSE(parse_cpu_line(line, 0.01));
  }
}

}  // namespace
}  // namespace aiobench::os
