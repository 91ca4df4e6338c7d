// Tests the pacer: each request has a due time, is never sent before it, and its latency counts
// from it. A stall of one request therefore appears in the latencies of all requests that it
// delayed ("coordinated omission"); without a rate it appears once. The bounds hold on a busy
// machine too.
#include "run/read.h"

#include <algorithm>
#include <atomic>
#include <chrono>
#include <cmath>
#include <thread>

#include "os/clock.h"
#include "run/read_fixture.h"
#include "run/scheduler.h"

namespace aiobench::test {
namespace {

using run::RunOutcome;

constexpr double kStallMs = 300;
constexpr std::uint64_t kRequests = 600;
constexpr std::uint64_t kStalledRequest = 100;

void sleep_ms(double milliseconds) {
  std::this_thread::sleep_for(std::chrono::duration<double, std::milli>(milliseconds));
}

// 600 sequential requests; the hundredth takes 300 ms, the others no time.
RunOutcome run_with_a_stall(double rate) {
  ScriptedRun run;
  run.ask_for(kRequests);
  run.read.rate_per_second = rate;
  std::atomic<std::uint64_t> count{0};
  const RunOutcome outcome = run.run([&](engine::Request&) {
    if (count++ == kStalledRequest) sleep_ms(kStallMs);
  });
  REQUIRE_FALSE(outcome.failure.has_value());
  CHECK(outcome.totals.reads.requests == kRequests);
  CHECK(outcome.totals.reads.latency_ns.count() == kRequests);
  return outcome;
}

// At 1000/s the request that stalls is due 100 ms after the start, and done after 400 ms at the
// earliest. The request j after it is due at 100 + j ms and sent later: it is at least 300 - j ms
// late.
TEST_CASE("with a rate the latencies include the whole queue behind a stall") {
  const RunOutcome outcome = run_with_a_stall(1000);
  const stats::Histogram& latency = outcome.totals.reads.latency_ns;
  for (const double min_ms : {20.0, 100.0, 200.0, 250.0, 290.0}) {
    CAPTURE(min_ms);
    CHECK(count_from(latency, min_ms) >= static_cast<std::uint64_t>(kStallMs - min_ms));
  }
  CHECK(latency.percentile(70) >= 100e6);
  CHECK(latency.max() >= kStallMs * 1e6);
  // More requests are due than can be in flight, which is one.
  const double in_flight = latency.mean() * 1e-9 * kRequests / outcome.wall_seconds;
  CHECK(outcome.lanes == 1);
  CHECK(in_flight > 1);
}

TEST_CASE("without a rate the same stall is one slow request") {
  const RunOutcome outcome = run_with_a_stall(0);
  const stats::Histogram& latency = outcome.totals.reads.latency_ns;
  CHECK(latency.max() >= kStallMs * 1e6);
  CHECK(count_from(latency, kStallMs) >= 1);
  // One, and a few that the machine itself delayed.
  CHECK(count_from(latency, 100) <= 10);
  CHECK(latency.percentile(90) < 100e6);
}

TEST_CASE("a request is due at start + k / rate") {
  ScriptedEngine engine({.depth = 1,
                         .threads = 1,
                         .block_bytes = 512,
                         .buffers = {},
                         .buffer_stride = 512,
                         .options = {}},
                        [](engine::Request&) {});
  os::WakeEvent event;
  for (const double rate : {0.001, 1.0, 3.0, 1000.0, 123'456.789, 1e9}) {
    CAPTURE(rate);
    run::Scheduler scheduler(engine, event);
    run::Pacer pacer(scheduler, rate);
    REQUIRE(pacer.start_threads());
    const os::Ticks start = os::now_ticks();
    pacer.start(start);
    CHECK(pacer.due(0) == start);
    for (const std::uint64_t ticket : {1u, 2u, 7u, 1000u, 1'000'000u}) {
      const double due_ns = os::ticks_to_ns(pacer.due(ticket) - pacer.due(0));
      const double expected_ns = static_cast<double>(ticket) * 1e9 / rate;
      // Within the width of a tick and the precision of a double.
      CHECK(std::abs(due_ns - expected_ns) <= 1000 + expected_ns * 1e-6);
    }
  }
}

TEST_CASE("no request is sent before it is due, and none is skipped") {
  for (const unsigned depth : {1u, 4u, 32u}) {
    for (const unsigned threads : {1u, 2u}) {
      CAPTURE(depth);
      CAPTURE(threads);
      ScriptedRun run;
      run.depth = depth;
      run.threads = std::min(threads, depth);
      run.ask_for(200);
      run.read.rate_per_second = 5000;
      std::atomic<unsigned> early{0};
      std::vector<std::atomic<unsigned>> seen(200);
      const RunOutcome outcome = run.run([&](engine::Request& request) {
        const auto& transfer = static_cast<const run::Transfer&>(request);
        if (os::now_ticks() < transfer.due_ticks || transfer.due_ticks == 0) ++early;
        ++seen[request.offset / ScriptedRun::kBlock];
      });
      CHECK_FALSE(outcome.failure.has_value());
      CHECK(early == 0);
      CHECK(std::all_of(seen.begin(), seen.end(), [](const auto& times) { return times == 1; }));
      CHECK(outcome.wall_seconds >= 199 / 5000.0 * 0.9999);
    }
  }
}

// The next request is due after 1000 s: a lane that kept waiting would keep the run going that
// long.
TEST_CASE("a run ends in time even if its next request is not due yet") {
  for (const unsigned depth : {1u, 8u}) {
    for (const unsigned threads : {1u, 2u}) {
      ScriptedRun run;
      run.depth = depth;
      run.threads = std::min(threads, depth);
      run.read.rate_per_second = 0.001;
      run.read.duration_seconds = 0.05;
      RunOutcome outcome = run.run([](engine::Request&) {});
      CHECK_FALSE(outcome.failure.has_value());
      // 0 if the machine was too busy for the worker to start in time.
      CHECK(outcome.totals.reads.requests <= 1);
      CHECK(outcome.wall_seconds >= 0.049);
      CHECK(outcome.wall_seconds < 900);
      // The same if the first request fails.
      run.read.duration_seconds = 0;
      outcome = run.run([](engine::Request& request) { request.transferred = 0; });
      REQUIRE(outcome.failure.has_value());
      CHECK(outcome.failure->offset == 0u);
      CHECK(outcome.wall_seconds < 900);
    }
  }
}

TEST_CASE(
    "with a rate that cannot be reached, requests are sent as fast as possible and every one is "
    "late") {
  ScriptedRun run;
  run.ask_for(50);
  run.read.rate_per_second = 1e9;
  const RunOutcome outcome = run.run([](engine::Request&) { sleep_ms(1); });
  CHECK_FALSE(outcome.failure.has_value());
  CHECK(outcome.totals.reads.requests == 50);
  // The last request waited for 49 others.
  CHECK(outcome.totals.reads.latency_ns.max() >= 50e6);
  CHECK(count_from(outcome.totals.reads.latency_ns, 25) >= 26);
}

}  // namespace
}  // namespace aiobench::test
