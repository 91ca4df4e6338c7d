// Proves that each diagnostic about the flow of requests is found, with its cause, and not just
// below its threshold.
#include "result/diagnostics.h"

#include <doctest/doctest.h>

#include <string>

#include "base/units.h"
#include "result/sample_result.h"

namespace aiobench::result {
namespace {

// A run of one repetition: io_uring, depth 8, 3,072 requests in 1.5 s, from the page cache.
struct FlowSample {
  Run run = test::sample_run();
  Repetition& r = run.repetitions[0];

  // 1,000 requests with this number in flight on average.
  void set_depth_achieved(double depth) {
    r.requests = 1000;
    r.latency_ns = {};
    for (int i = 0; i < 1000; ++i) {
      r.latency_ns.record(static_cast<std::uint64_t>(depth * r.wall_seconds * 1e6));
    }
  }
};

bool has(const Diagnostic& diagnostic, WarningCode code, const std::string& part) {
  REQUIRE(diagnostic);
  CAPTURE(diagnostic->message);
  CAPTURE(part);
  CHECK_FALSE(diagnostic->advice.empty());
  return diagnostic->code == code && diagnostic->message.find(part) != std::string::npos;
}

TEST_CASE("a rate that was not reached") {
  FlowSample sample;
  CHECK_FALSE(rate_not_reached(sample.run, sample.r));
  sample.run.config.read = ReadSettings{.pattern = Pattern::random, .rate_per_second = 2150};
  CHECK_FALSE(rate_not_reached(sample.run, sample.r));  // 2,048 are 95.3 %
  sample.run.config.read->rate_per_second = 2160;       // 94.8 %
  const Diagnostic diagnostic = rate_not_reached(sample.run, sample.r);
  CHECK(has(diagnostic, WarningCode::rate_not_reached,
            "the run reached only 2048 of the requested 2160"));
  CHECK(diagnostic->kind().suspect);
}

TEST_CASE("most requests complete inside the call") {
  FlowSample sample;
  sample.r.inline_completions = sample.r.requests / 2;
  CHECK_FALSE(mostly_inline(sample.run, sample.r));
  sample.r.inline_completions = sample.r.requests / 2 + 20;
  const Diagnostic diagnostic = mostly_inline(sample.run, sample.r);
  CHECK(has(diagnostic, WarningCode::mostly_inline, "51 % of the requests"));
  CHECK(has(diagnostic, WarningCode::mostly_inline, "io_uring was not asynchronous"));
  CHECK(diagnostic->advice.find("--cache direct") != std::string::npos);
  sample.run.config.cache = CacheState::direct;
  CHECK(mostly_inline(sample.run, sample.r)->advice.find("--cache") == std::string::npos);
  sample.r.lanes = 1;  // at depth 1 this is expected
  CHECK_FALSE(mostly_inline(sample.run, sample.r));
}

TEST_CASE("synchronous mechanisms are expected to complete inline") {
  FlowSample sample;
  sample.r.inline_completions = sample.r.requests;
  sample.set_depth_achieved(1);
  for (const char* const engine : {"sync", "mmap", "null", "os"}) {
    CAPTURE(engine);
    sample.run.config.engine = engine;
    CHECK_FALSE(mostly_inline(sample.run, sample.r));
    CHECK_FALSE(depth_not_reached(sample.run, sample.r));
  }
}

TEST_CASE("the reads and the writes of a copy are diagnosed separately") {
  FlowSample sample;
  sample.run = test::sample_copy_run();
  Repetition& r = sample.run.repetitions[0];
  CHECK_FALSE(mostly_inline(sample.run, r));
  r.copy->writes.inline_completions = 3;  // of 4
  CHECK(has(mostly_inline(sample.run, r), WarningCode::mostly_inline, "75 % of the writes"));
  CHECK(has(mostly_inline(sample.run, r), WarningCode::mostly_inline, "iocp was not"));
  sample.run.config.copy->writer = "sync";
  CHECK_FALSE(mostly_inline(sample.run, r));
  r.inline_completions = r.requests;
  CHECK(has(mostly_inline(sample.run, r), WarningCode::mostly_inline, "100 % of the reads"));
}

TEST_CASE("a depth that was not reached") {
  FlowSample sample;
  sample.set_depth_achieved(4.05);
  CHECK_FALSE(depth_not_reached(sample.run, sample.r));
  sample.set_depth_achieved(3.9);
  sample.r.inline_completions = 0;
  const Diagnostic diagnostic = depth_not_reached(sample.run, sample.r);
  REQUIRE(diagnostic);
  CHECK(diagnostic->message ==
        "on average 3.9 requests were in flight instead of 8");  // the cause is unknown
  CHECK_FALSE(diagnostic->kind().suspect);
  sample.run.config.depth = sample.r.lanes = 1;
  CHECK_FALSE(depth_not_reached(sample.run, sample.r));
}

TEST_CASE("the cause of a depth that was not reached") {
  FlowSample sample;
  const auto says = [&](const std::string& cause) {
    return has(depth_not_reached(sample.run, sample.r), WarningCode::depth_not_reached,
               "instead of 8: " + cause);
  };
  sample.set_depth_achieved(2);
  sample.r.inline_completions = 501;
  CHECK(says("most completed inside the submitting call"));
  sample.r.inline_completions = 0;
  sample.r.hashing_seconds = 0.85 * sample.r.wall_seconds;
  CHECK(says("hashing is the bottleneck"));
  sample.r.hashing_seconds = 0.5;
  sample.r.waiting_seconds = 0.1;
  sample.r.submitting_seconds = 2.3;
  sample.r.user_seconds = 2.9;
  CHECK(says("the CPU is the bottleneck"));
  sample.r.requests = 31;  // less than four rounds of 8
  CHECK(says("the run had only 31 requests"));
  sample.r.requests = sample.r.lanes = 1;
  CHECK(says("the run had only 1 request"));
}

TEST_CASE("a depth chosen by auto, or determined by a rate") {
  FlowSample sample;
  sample.set_depth_achieved(1);
  REQUIRE(depth_not_reached(sample.run, sample.r));
  sample.run.config.read = ReadSettings{.pattern = Pattern::random, .rate_per_second = 10};
  CHECK_FALSE(depth_not_reached(sample.run, sample.r));
  sample.run.config.read.reset();
  sample.run.config.requested_engine = "auto";
  REQUIRE(depth_not_reached(sample.run, sample.r));
  sample.r.lanes = 7;
  CHECK_FALSE(depth_not_reached(sample.run, sample.r));
}

TEST_CASE("hashing is the bottleneck of a run that should measure the disk") {
  FlowSample sample;
  sample.run.config.cache = CacheState::direct;
  sample.r.hashing_seconds = 1.19;  // of 1.5
  CHECK_FALSE(not_the_disk(sample.run, sample.r));
  sample.r.hashing_seconds = 1.21;
  CHECK(has(not_the_disk(sample.run, sample.r), WarningCode::hash_bound, "1.21 s of 1.50 s"));
  sample.run.config.engine = "mmap";  // all threads hash at the same time
  CHECK_FALSE(not_the_disk(sample.run, sample.r));
  sample.r.hashing_seconds = 2.41;
  CHECK(not_the_disk(sample.run, sample.r));
}

TEST_CASE("whether a run should measure the disk") {
  FlowSample sample;
  sample.r.hashing_seconds = 1.5;
  for (const CacheState cache : {CacheState::cold, CacheState::direct}) {
    sample.run.config.cache = cache;
    CHECK(not_the_disk(sample.run, sample.r));
  }
  sample.run.config.cache = CacheState::warm;
  CHECK_FALSE(not_the_disk(sample.run, sample.r));
  sample.run.config.cache = CacheState::asis;
  sample.run.target.cached_share_before = 0.06;
  CHECK_FALSE(not_the_disk(sample.run, sample.r));
  sample.run.target.cached_share_before = 0.03;
  CHECK(not_the_disk(sample.run, sample.r));
  sample.run.target.cached_share_before.reset();
  CHECK_FALSE(not_the_disk(sample.run, sample.r));
  sample.run.config.cache = CacheState::direct;
  sample.run.config.engine = "null";
  CHECK_FALSE(not_the_disk(sample.run, sample.r));
}

TEST_CASE("the CPU is the bottleneck: high CPU time and little waiting") {
  FlowSample sample;
  sample.run.config.cache = CacheState::cold;
  sample.r.hashing_seconds = 0;
  sample.r.submitting_seconds = 2;
  sample.r.rest_seconds = 0.71;
  sample.r.waiting_seconds = 0.29;  // of 3
  sample.r.user_seconds = 2.41;
  sample.r.system_seconds = 0;
  CHECK(has(not_the_disk(sample.run, sample.r), WarningCode::cpu_bound, "waited only 10 %"));
  sample.r.waiting_seconds = 0.31;
  sample.r.rest_seconds = 0.69;
  CHECK_FALSE(not_the_disk(sample.run, sample.r));
  sample.r.waiting_seconds = 0.29;
  sample.r.rest_seconds = 0.71;
  sample.r.user_seconds = 2.39;  // a blocking call waits inside submit
  CHECK_FALSE(not_the_disk(sample.run, sample.r));
}

TEST_CASE("CPU time covers all files that are read at once") {
  FlowSample sample;
  sample.run.config.cache = CacheState::direct;
  sample.r.waiting_seconds = 0;
  sample.r.hashing_seconds = 0;
  sample.r.submitting_seconds = 3;
  sample.r.rest_seconds = 0;
  sample.r.user_seconds = 2.9;
  sample.run.config.read = ReadSettings{.pattern = Pattern::random, .files_at_once = 1};
  CHECK(not_the_disk(sample.run, sample.r));
  sample.run.config.read->files_at_once = 2;
  CHECK_FALSE(not_the_disk(sample.run, sample.r));
}

// Eighteen intervals at the first, then at the second number of bytes, and two at the ends that do
// not count.
void set_halves(FlowSample& sample, std::uint64_t first, std::uint64_t second) {
  sample.r.intervals.clear();
  for (int i = 0; i < 20; ++i) {
    sample.r.intervals.push_back({.start_seconds = i * 0.1,
                                  .seconds = 0.1,
                                  .requests = 10,
                                  .bytes = i == 0 || i == 19 ? 1
                                           : i < 10          ? first
                                                             : second,
                                  .p50_ns = i < 10 ? first : second,
                                  .p99_ns = 1});
  }
}

TEST_CASE("a second half that differs from the first") {
  FlowSample sample;
  CHECK_FALSE(drifted(sample.run, sample.r));
  set_halves(sample, 1000 * kMiB, 910 * kMiB);
  CHECK_FALSE(drifted(sample.run, sample.r));  // 9 %
  set_halves(sample, 1000 * kMiB, 890 * kMiB);
  const Diagnostic diagnostic = drifted(sample.run, sample.r);
  CHECK(has(diagnostic, WarningCode::drift,
            "throughput fell from 9.77 GiB/s in the first half of the run to 8.69"));
  CHECK(diagnostic->advice.find("--interval") != std::string::npos);
  CHECK_FALSE(diagnostic->kind().suspect);
}

TEST_CASE("at a fixed rate, drift is found in the latencies") {
  FlowSample sample;
  sample.run.config.read = ReadSettings{.pattern = Pattern::random, .rate_per_second = 2000};
  set_halves(sample, 1'000'000, 2'000'000);
  CHECK(has(drifted(sample.run, sample.r), WarningCode::drift,
            "latency rose from 1.00 ms in the first half of the run to 2.00 ms"));
}

TEST_CASE("intervals without requests count for drift") {
  FlowSample sample;
  set_halves(sample, kMiB, kMiB);
  // In the second half two of three intervals are missing, as intervals without requests are.
  std::vector<Interval> kept;
  for (std::size_t i = 0; i < 20; ++i) {
    if (i < 10 || i % 3 == 0 || i == 19) kept.push_back(sample.r.intervals[i]);
  }
  sample.r.intervals = kept;
  CHECK(has(drifted(sample.run, sample.r), WarningCode::drift, "to 0 B/s"));
}

TEST_CASE("too few requests for the percentiles") {
  Repetition r;
  CHECK_FALSE(few_requests(r));  // a run without requests has no warning
  r.latency_ns.record(10);
  CHECK(has(few_requests(r), WarningCode::few_requests,
            "p99 needs at least 100 requests and p99.9 at least 1,000; this run had 1"));
  for (int i = 1; i < 99; ++i) r.latency_ns.record(10);
  CHECK(has(few_requests(r), WarningCode::few_requests, "this run had 99"));
  CHECK_FALSE(few_requests(r)->kind().suspect);
  r.latency_ns.record(10);
  CHECK_FALSE(few_requests(r));
}

}  // namespace
}  // namespace aiobench::result
