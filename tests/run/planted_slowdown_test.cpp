// Tests that a planted slowdown stretches a run by the requested percentage for any block size and
// thread count, on a simulated clock; and that an ordinary build has none.
#include "run/planted_slowdown.h"

#include <doctest/doctest.h>

#include <algorithm>
#include <array>
#include <type_traits>

namespace aiobench::run {
namespace {

using os::Ticks;

static_assert(AIOBENCH_PLANTED_SLOWDOWN != 0 || std::is_same_v<Slowdown, NoSlowdown>);
static_assert(std::is_empty_v<NoSlowdown>);

constexpr Ticks kStart = 1'000'000;
constexpr Ticks kMin = 1000;

// The duration of `blocks` blocks of `block_ticks` each.
Ticks run_alone(double percent, unsigned blocks, Ticks block_ticks) {
  PlantedSlowdown slowdown(percent, kMin);
  slowdown.begin(kStart);
  Ticks now = kStart;
  for (unsigned i = 0; i < blocks; ++i) {
    now = std::max(now, slowdown.delayed_until(now, kMin));
    now += block_ticks;
  }
  return std::max(now, slowdown.delayed_until(now, 0)) - kStart;
}

TEST_CASE("a planted slowdown stretches the whole run of one thread") {
  for (const Ticks block_ticks : {7u, 80u, 999u, 1000u, 5000u}) {
    CAPTURE(block_ticks);
    const Ticks plain = 1000 * block_ticks;
    CHECK(run_alone(0, 1000, block_ticks) == plain);
    for (const double percent : {5.0, 15.0, 100.0}) {
      CAPTURE(percent);
      const double wanted = static_cast<double>(plain) * (1 + percent / 100);
      const double taken = static_cast<double>(run_alone(percent, 1000, block_ticks));
      // A delay is truncated to whole ticks; it has at least 50.
      CHECK(taken <= wanted);
      CHECK(taken >= wanted * 0.998);
    }
  }
}

TEST_CASE("a run that ends before the first delay is stretched at its end") {
  CHECK(run_alone(15, 1, 100) == 115);
  CHECK(run_alone(15, 0, 100) == 0);
}

TEST_CASE("two threads are delayed at the same time, not one after the other") {
  PlantedSlowdown slowdown(15, kMin);
  slowdown.begin(kStart);
  std::array<Ticks, 2> now = {kStart, kStart + 3};
  constexpr Ticks kBlock = 11;
  constexpr unsigned kBlocks = 20'000;
  for (unsigned i = 0; i < kBlocks; ++i) {
    Ticks& next = *std::min_element(now.begin(), now.end());  // the earlier thread
    next = std::max(next, slowdown.delayed_until(next, kMin)) + kBlock;
  }
  Ticks end = std::max(now[0], now[1]);
  end = std::max(end, slowdown.delayed_until(end, 0));
  const double plain = static_cast<double>(kBlocks * kBlock) / 2;
  const double stretched = static_cast<double>(end - kStart) / plain;
  // Below 1.15 by the block that the other thread finishes during each delay.
  CHECK(stretched <= 1.151);
  CHECK(stretched >= 1.135);
}

TEST_CASE("a thread that arrives during a delay waits until its end, and no longer") {
  PlantedSlowdown slowdown(50, kMin);
  slowdown.begin(kStart);
  CHECK(slowdown.delayed_until(kStart + 999, kMin) == kStart + 999);
  CHECK(slowdown.delayed_until(kStart + 1000, kMin) == kStart + 1500);
  CHECK(slowdown.delayed_until(kStart + 1400, kMin) == kStart + 1500);
  CHECK(slowdown.delayed_until(kStart + 1500, kMin) == kStart + 1500);
  CHECK(slowdown.delayed_until(kStart + 1700, kMin) == kStart + 1700);
  CHECK(slowdown.delayed_until(kStart + 2500, kMin) == kStart + 3000);
}

}  // namespace
}  // namespace aiobench::run
