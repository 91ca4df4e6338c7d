// Proves that the clock of all measurements runs at the speed of the standard library's clock,
// never backwards, and the same in all threads; and that CPU time is counted correctly, for this
// process and for all processes.
#include "os/clock.h"

#include <doctest/doctest.h>

#include <algorithm>
#include <atomic>
#include <chrono>
#include <cmath>
#include <condition_variable>
#include <mutex>
#include <optional>
#include <string>
#include <thread>
#include <vector>

#include "os/host.h"

namespace aiobench::os {
namespace {

using Steady = std::chrono::steady_clock;

struct Moment {
  Ticks ticks;
  Steady::time_point steady;
};

// Reads both clocks at the same moment: the closest pair of several tries, because the thread may
// be interrupted in between.
Moment both_clocks() {
  Moment best{};
  auto best_gap = Steady::duration::max();
  for (int i = 0; i < 200; ++i) {
    const auto before = Steady::now();
    const Ticks ticks = now_ticks();
    const auto after = Steady::now();
    if (after - before < best_gap) {
      best_gap = after - before;
      best = {ticks, before + best_gap / 2};
    }
  }
  return best;
}

double seconds(Steady::duration duration) {
  return std::chrono::duration<double>(duration).count();
}

// Keeps the processor busy until this much wall time has passed.
double burn(double wall_seconds) {
  const auto start = Steady::now();
  double value = 1;
  while (seconds(Steady::now() - start) < wall_seconds) {
    for (int i = 0; i < 1000; ++i) value = std::sqrt(value + 1);
  }
  return value;
}

TEST_CASE("the clock agrees with steady_clock within 1 % over 50 ms") {
  REQUIRE(ns_per_tick() > 0);
  CHECK(ns_per_tick() == ns_per_tick());
  for (int i = 0; i < 3; ++i) {
    const Moment first = both_clocks();
    std::this_thread::sleep_for(std::chrono::milliseconds(50));
    const Moment second = both_clocks();
    const double expected = seconds(second.steady - first.steady);
    CHECK(ticks_to_seconds(second.ticks - first.ticks) == doctest::Approx(expected).epsilon(0.01));
    CHECK(ticks_to_ns(second.ticks - first.ticks) == doctest::Approx(expected * 1e9).epsilon(0.01));
  }
}

TEST_CASE("the clock never runs backwards in a thread, and advances") {
  const Ticks start = now_ticks();
  Ticks last = start;
  for (int i = 0; i < 200'000; ++i) {
    const Ticks now = now_ticks();
    REQUIRE(now >= last);
    last = now;
  }
  CHECK(last > start);
}

TEST_CASE("the clock is the same in all threads") {
  // Two threads read it in turn. A processor may read its counter a little before it has seen
  // what the other thread wrote, so a microsecond is allowed.
  constexpr double kSlackNs = 1000;
  constexpr int kTurns = 4000;
  // A thread first polls for its turn, so that both run at the same time on different processors.
  // Then it sleeps, because on a busy machine a turn takes milliseconds. std::atomic::wait() is not
  // used: that of g++ 12 for Windows sometimes loses a wake, and both threads sleep forever.
  constexpr int kPolls = 2000;
  const auto slack = static_cast<Ticks>(kSlackNs / ns_per_tick());
  std::atomic<int> turn{0};
  std::mutex mutex;
  std::condition_variable changed;
  Ticks shared = now_ticks();
  std::atomic<int> backwards{0};
  const auto play = [&](int me) {
    for (int i = me; i < kTurns; i += 2) {
      for (int polls = 0; turn.load() != i && polls < kPolls; ++polls) continue;
      if (turn.load() != i) {
        std::unique_lock lock(mutex);
        changed.wait(lock, [&] { return turn.load() == i; });
      }
      const Ticks now = now_ticks();
      if (now + slack < shared) ++backwards;
      shared = std::max(shared, now);
      {
        const std::lock_guard lock(mutex);
        turn.store(i + 1);
      }
      changed.notify_one();
    }
  };
  std::thread other(play, 1);
  play(0);
  other.join();
  CHECK(backwards.load() == 0);
}

TEST_CASE("the clock has a name, and a tick far shorter than a request") {
  CHECK_FALSE(std::string(clock_name()).empty());
  CHECK(ns_per_tick() <= 1000);
}

TEST_CASE("the resolution of the clock is a whole number of ticks, at least one") {
  const double ticks = clock_step_ns() / ns_per_tick();
  CHECK(ticks >= doctest::Approx(1));
  CHECK(ticks == doctest::Approx(std::round(ticks)));
}

TEST_CASE(
    "the CPU time of all processes grows by that of this one, and by no more than all processors") {
  const std::optional<SystemCpuTime> before = system_cpu_time();
  REQUIRE(before);
  REQUIRE(before->all_seconds > 0);
  const CpuTime own_before = process_cpu_time();
  double own = 0;
  while (own < 0.5) {
    CHECK(burn(0.02) > 0);
    const CpuTime now = process_cpu_time();
    own =
        now.user_seconds + now.system_seconds - own_before.user_seconds - own_before.system_seconds;
  }
  const std::optional<SystemCpuTime> after = system_cpu_time();
  REQUIRE(after);
  const double busy = after->busy_seconds - before->busy_seconds;
  // A kernel that counts in ticks charges the interrupted thread.
  CHECK(busy >= own * 0.8);
  // The kernel's counts are whole ticks; as seconds since the start they are rounded at 1e-11.
  constexpr double kRounding = 1e-9;
  CHECK(busy <= after->all_seconds - before->all_seconds + kRounding);
}

TEST_CASE("CPU time grows with the work done, and by no more than the wall time") {
  const double step = cpu_time_step_seconds();
  REQUIRE(step > 0);
  REQUIRE(step <= 0.1);
  const auto start = Steady::now();
  const CpuTime before = process_cpu_time();
  const double enough = std::max(0.05, 5 * step);
  CpuTime after = before;
  while (after.user_seconds - before.user_seconds < enough && seconds(Steady::now() - start) < 20) {
    CHECK(burn(0.02) > 0);
    after = process_cpu_time();
  }
  const double wall = seconds(Steady::now() - start);
  const double user = after.user_seconds - before.user_seconds;
  const double system = after.system_seconds - before.system_seconds;
  CHECK(user >= enough);
  CHECK(system >= 0);
  // Only one thread works here; the rest is one step of each value.
  CHECK(user + system <= wall * 1.05 + 4 * step);
}

TEST_CASE("CPU time includes threads that have ended, and excludes sleep") {
  const double step = cpu_time_step_seconds();
  const double work = std::max(0.1, 10 * step);
  const CpuTime before = process_cpu_time();
  std::thread([&] {
    // Measured in CPU time, not in wall time, because other programs may use the processors.
    const auto start = Steady::now();
    while (process_cpu_time().user_seconds - before.user_seconds < work &&
           seconds(Steady::now() - start) < 20) {
      burn(0.01);
    }
  }).join();
  const CpuTime between = process_cpu_time();
  CHECK(between.user_seconds - before.user_seconds >= work);
  std::this_thread::sleep_for(std::chrono::milliseconds(300));
  const CpuTime after = process_cpu_time();
  CHECK(after.user_seconds >= between.user_seconds);
  CHECK((after.user_seconds + after.system_seconds) -
            (between.user_seconds + between.system_seconds) <
        0.15);
}

}  // namespace
}  // namespace aiobench::os
