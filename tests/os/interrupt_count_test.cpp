// Proves that an interrupt delivered twice counts once, and that the user's second interrupt counts
// as second.
#include "os/console.h"

#include <doctest/doctest.h>

using aiobench::os::Interrupt;
using aiobench::os::InterruptCount;

TEST_CASE("InterruptCount: an immediate repetition is an echo of the first interrupt") {
  InterruptCount count;
  CHECK_FALSE(count.any());
  CHECK(count.add(5000) == Interrupt::first);
  CHECK(count.any());
  CHECK(count.add(5000) == Interrupt::echo);
  CHECK(count.add(5000 + InterruptCount::kEchoMs - 1) == Interrupt::echo);
}

TEST_CASE("InterruptCount: a later interrupt is the second, whatever came in between") {
  InterruptCount count;
  CHECK(count.add(-7) == Interrupt::first);
  CHECK(count.add(0) == Interrupt::echo);
  CHECK(count.add(-7 + InterruptCount::kEchoMs) == Interrupt::second);
  CHECK(count.add(1'000'000) == Interrupt::second);
}
