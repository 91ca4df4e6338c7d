// Proves with examples calculated by hand the derived values of a repetition, which repetition
// represents a run, and that recorders are merged completely.
#include "result/model.h"

#include <doctest/doctest.h>

#include <vector>

#include "stats/timeline.h"

namespace aiobench::result {
namespace {

constexpr std::uint64_t kSecond_ns = 1'000'000'000;

Run run_of(const std::vector<double>& wall_seconds) {
  Run run;
  for (const double seconds : wall_seconds) {
    run.repetitions.emplace_back();
    run.repetitions.back().wall_seconds = seconds;
  }
  return run;
}

TEST_CASE("depth achieved, by Little's law") {
  // Four requests of one second each within two seconds: two in flight on average.
  Repetition r;
  r.wall_seconds = 2;
  for (int i = 0; i < 4; ++i) r.latency_ns.record(kSecond_ns);
  CHECK(r.depth_achieved() == doctest::Approx(2.0));
  // 1,000 requests per second that take 8 ms each: eight in flight.
  Repetition eight;
  eight.wall_seconds = 1;
  for (int i = 0; i < 1000; ++i) eight.latency_ns.record(8'000'000);
  CHECK(eight.depth_achieved() == doctest::Approx(8.0));
}

TEST_CASE("rates, CPU time and the share completed inline") {
  Repetition r;
  r.bytes = 3ull << 30;
  r.requests = 3072;
  r.inline_completions = 768;
  r.wall_seconds = 1.5;
  r.user_seconds = 0.75;
  r.system_seconds = 0.25;
  CHECK(r.bytes_per_second() == doctest::Approx(2.0 * (1u << 30)));
  CHECK(r.requests_per_second() == doctest::Approx(2048));
  CHECK(r.cpu_seconds() == doctest::Approx(1.0));
  CHECK(r.cpu_seconds_per_gib() == doctest::Approx(1.0 / 3));
  CHECK(r.inline_share() == doctest::Approx(0.25));
}

TEST_CASE("the values of an empty repetition are 0") {
  const Repetition r;
  CHECK(r.bytes_per_second() == 0);
  CHECK(r.requests_per_second() == 0);
  CHECK(r.cpu_seconds() == 0);
  CHECK(r.cpu_seconds_per_gib() == 0);
  CHECK(r.inline_share() == 0);
  CHECK(r.depth_achieved() == 0);
}

TEST_CASE("the median repetition, in any order of the repetitions") {
  CHECK(Run().median_repetition() == nullptr);
  const Run one = run_of({4});
  CHECK(one.median_repetition() == &one.repetitions[0]);
  for (const std::vector<double>& walls : std::vector<std::vector<double>>{
           {1, 2, 3}, {3, 1, 2}, {2, 3, 1}, {5, 0.5, 2}, {2, 2, 2}, {9, 1, 2, 8, 1.5}}) {
    const Run run = run_of(walls);
    REQUIRE(run.median_repetition() != nullptr);
    CHECK(run.median_repetition()->wall_seconds == 2);
  }
}

TEST_CASE("of an even number, the slower of the two repetitions in the middle") {
  CHECK(run_of({1, 2}).median_repetition()->wall_seconds == 2);
  CHECK(run_of({2, 1}).median_repetition()->wall_seconds == 2);
  CHECK(run_of({4, 1, 3, 2}).median_repetition()->wall_seconds == 3);
  CHECK(run_of({1, 1, 1, 9, 9, 9}).median_repetition()->wall_seconds == 9);
}

TEST_CASE("a run is suspect if one of its warnings is") {
  Run run;
  CHECK_FALSE(run.suspect());
  run.warnings.push_back({WarningCode::few_requests, "", ""});
  CHECK_FALSE(run.suspect());
  run.warnings.push_back({WarningCode::wine, "", ""});
  CHECK(run.suspect());
}

TEST_CASE("merging recorders adds up every field") {
  stats::Recorder a;
  a.reads.latency_ns.record(100);
  a.reads.requests = 1;
  a.reads.bytes = 2;
  a.reads.inline_completions = 3;
  a.writes.requests = 9;
  a.failures = 4;
  a.submit_ticks = 5;
  a.waiting_ticks = 6;
  a.hashing_ticks = 7;
  a.worker_ticks = 8;
  stats::Recorder b = a;
  b.reads.latency_ns.record(50);
  b.merge(a);
  b.merge(stats::Recorder());
  CHECK(b.reads.latency_ns.count() == 3);
  CHECK(b.reads.latency_ns.sum() == 250);
  CHECK(b.reads.latency_ns.min() == 50);
  CHECK(b.reads.requests == 2);
  CHECK(b.reads.bytes == 4);
  CHECK(b.reads.inline_completions == 6);
  CHECK(b.writes.requests == 18);
  CHECK(b.failures == 8);
  CHECK(b.submit_ticks == 10);
  CHECK(b.waiting_ticks == 12);
  CHECK(b.hashing_ticks == 14);
  CHECK(b.worker_ticks == 16);
}

}  // namespace
}  // namespace aiobench::result
