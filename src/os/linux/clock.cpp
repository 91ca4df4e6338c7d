#include "os/clock.h"

#include <time.h>

#include <fstream>
#include <string>

#if defined(__x86_64__)
#include <x86intrin.h>
#endif

namespace aiobench::os {
namespace {

std::uint64_t monotonic_ns() {
  timespec now{};
  ::clock_gettime(CLOCK_MONOTONIC, &now);
  return static_cast<std::uint64_t>(now.tv_sec) * 1'000'000'000u +
         static_cast<std::uint64_t>(now.tv_nsec);
}

#if defined(__x86_64__)

// The kernel uses the counter as its clock only after it has verified that the counter is constant,
// never stops and is equal on all cores. This program relies on that.
bool kernel_trusts_tsc() {
  std::ifstream source("/sys/devices/system/clocksource/clocksource0/current_clocksource");
  std::string name;
  return source >> name && name == "tsc";
}

const bool use_tsc = kernel_trusts_tsc();

struct Pair {
  std::uint64_t tsc;
  std::uint64_t ns;
};

// Reads both clocks at the same moment: the closest pair of several tries, because a try may be
// interrupted.
Pair read_both() {
  Pair best{};
  std::uint64_t best_gap = UINT64_MAX;
  for (int i = 0; i < 16; ++i) {
    const std::uint64_t before = __rdtsc();
    const std::uint64_t ns = monotonic_ns();
    const std::uint64_t after = __rdtsc();
    if (after - before < best_gap) {
      best_gap = after - before;
      best = {before + (after - before) / 2, ns};
    }
  }
  return best;
}

// The reading at program start. By the first use, most of the calibration span has passed.
const Pair program_start = read_both();

// Calibrates the counter against CLOCK_MONOTONIC over at least 1 ms. A reading has an error of at
// most some 20 ns, so the ratio has one of at most 20 millionths.
double calibrate() {
  constexpr std::uint64_t kSpanNs = 1'000'000;
  const Pair first = program_start;
  while (monotonic_ns() - first.ns < kSpanNs) _mm_pause();
  const Pair second = read_both();
  return static_cast<double>(second.ns - first.ns) / static_cast<double>(second.tsc - first.tsc);
}

#endif

}  // namespace

#if defined(__x86_64__)

Ticks now_ticks() {
  return use_tsc ? __rdtsc() : monotonic_ns();
}

double ns_per_tick() {
  static const double ratio = use_tsc ? calibrate() : 1.0;
  return ratio;
}

const char* clock_name() {
  return use_tsc ? "tsc" : "clock_gettime";
}

#else

Ticks now_ticks() {
  return monotonic_ns();
}
double ns_per_tick() {
  return 1.0;
}
const char* clock_name() {
  return "clock_gettime";
}

#endif

}  // namespace aiobench::os
