// Proves that setting a WakeEvent before or during a wait ends that wait, once, and that a wait
// without it takes its full time.
#include <doctest/doctest.h>

#include <chrono>
#include <thread>

#include "os/console.h"

namespace aiobench::os {
namespace {

using Steady = std::chrono::steady_clock;

double seconds_since(Steady::time_point start) {
  return std::chrono::duration<double>(Steady::now() - start).count();
}

TEST_CASE("WakeEvent: set before the wait ends it at once, and the wait clears it") {
  WakeEvent event;
  event.set();
  const auto start = Steady::now();
  CHECK(event.wait(20'000));
  CHECK(seconds_since(start) < 10);
  CHECK_FALSE(event.wait(0));
  CHECK_FALSE(event.wait(1));
}

TEST_CASE("WakeEvent: setting it twice is the same as once") {
  WakeEvent event;
  for (int i = 0; i < 1000; ++i) event.set();
  CHECK(event.wait(1000));
  CHECK_FALSE(event.wait(0));
}

TEST_CASE("WakeEvent: a wait without a set lasts its time") {
  WakeEvent event;
  const auto start = Steady::now();
  CHECK_FALSE(event.wait(60));
  // Windows may count in steps of 16 ms.
  CHECK(seconds_since(start) >= 0.04);
  const auto again = Steady::now();
  CHECK_FALSE(event.wait(0));
  CHECK(seconds_since(again) < 5);
}

TEST_CASE("WakeEvent: set from another thread ends a wait that has begun") {
  for (int i = 0; i < 20; ++i) {
    WakeEvent event;
    const auto start = Steady::now();
    std::thread other([&] {
      std::this_thread::sleep_for(std::chrono::milliseconds(5));
      event.set();
    });
    const bool was_set = event.wait(20'000);
    other.join();
    CHECK(was_set);
    CHECK(seconds_since(start) < 10);
    CHECK_FALSE(event.wait(0));
  }
}

TEST_CASE("WakeEvent: two events are independent") {
  WakeEvent first;
  WakeEvent second;
  first.set();
  CHECK_FALSE(second.wait(0));
  CHECK(first.wait(0));
}

}  // namespace
}  // namespace aiobench::os
