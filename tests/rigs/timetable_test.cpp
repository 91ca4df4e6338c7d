// Proves that the rig models a device: each request takes a fixed time, a limited number is served
// concurrently, every n-th request is slow, and no request starts during a stall.
#include "timetable.h"

#include <doctest/doctest.h>

namespace slowfs {
namespace {

using std::chrono::milliseconds;

constexpr Clock::time_point kStart{std::chrono::hours(1)};

// The completion time of a request that arrives at `arrival_ms`; both in ms after the start.
double due_ms(Timetable& table, int arrival_ms) {
  const auto due = table.due(kStart + milliseconds(arrival_ms)) - kStart;
  return std::chrono::duration<double, std::milli>(due).count();
}

Speed two_ms() {
  Speed speed;
  speed.latency = milliseconds(2);
  return speed;
}

}  // namespace

TEST_CASE("requests that come together are answered together") {
  Timetable table(two_ms());
  for (int i = 0; i < 100; ++i) CHECK(due_ms(table, 5) == 7);
}

TEST_CASE("one at a time: each waits for those before it") {
  Speed speed = two_ms();
  speed.at_once = 1;
  Timetable table(speed);
  CHECK(due_ms(table, 0) == 2);
  CHECK(due_ms(table, 0) == 4);
  CHECK(due_ms(table, 3) == 6);
  CHECK(due_ms(table, 50) == 52);
}

TEST_CASE("three at a time: the fourth takes the place of the first") {
  Speed speed = two_ms();
  speed.at_once = 3;
  Timetable table(speed);
  for (const int arrival : {0, 1, 1}) CHECK(due_ms(table, arrival) == arrival + 2);
  CHECK(due_ms(table, 1) == 4);
  CHECK(due_ms(table, 1) == 5);
}

TEST_CASE("a share of one in a hundred is slow, evenly spread") {
  Speed speed = two_ms();
  speed.slow_latency = milliseconds(50);
  speed.slow_share = 0.01;
  Timetable table(speed);
  int slow = 0;
  for (int i = 1; i <= 1000; ++i) {
    const bool is_slow = due_ms(table, 0) == 50;
    slow += is_slow;
    if (i % 100 == 0) CHECK(slow == i / 100);
  }
}

TEST_CASE("from one request on all are slow") {
  Speed speed = two_ms();
  speed.slow_latency = milliseconds(50);
  speed.slow_from = 2;
  Timetable table(speed);
  for (const int wanted : {2, 2, 50, 50}) CHECK(due_ms(table, 0) == wanted);
}

TEST_CASE("during a stall nothing is begun, and what was begun before it ends") {
  Speed speed = two_ms();
  speed.stall = Stall{milliseconds(10), milliseconds(1000)};
  Timetable table(speed);
  CHECK(due_ms(table, 0) == 2);  // the first request, from which the stall is counted
  CHECK(due_ms(table, 9) == 11);
  CHECK(due_ms(table, 10) == 1012);
  CHECK(due_ms(table, 1009) == 1012);
  CHECK(due_ms(table, 1010) == 1012);
  CHECK(due_ms(table, 1011) == 1013);
}

}  // namespace slowfs
