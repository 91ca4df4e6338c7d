// Proves that an interrupt told twice counts as one, and the user's second one as the second.
#include "os/console.h"

#include <doctest/doctest.h>

using aiobench::os::Interrupt;
using aiobench::os::InterruptCount;

TEST_CASE("InterruptCount: an interrupt told again at once is an echo of the first") {
  InterruptCount count;
  CHECK_FALSE(count.any());
  CHECK(count.add(5000) == Interrupt::first);
  CHECK(count.any());
  CHECK(count.add(5000) == Interrupt::echo);
  CHECK(count.add(5000 + InterruptCount::kEchoMs - 1) == Interrupt::echo);
}

TEST_CASE("InterruptCount: a later one is the second, whatever came between") {
  InterruptCount count;
  CHECK(count.add(-7) == Interrupt::first);
  CHECK(count.add(0) == Interrupt::echo);
  CHECK(count.add(-7 + InterruptCount::kEchoMs) == Interrupt::second);
  CHECK(count.add(1'000'000) == Interrupt::second);
}
