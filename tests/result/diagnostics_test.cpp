// Proves that each diagnostic about the file, the machine and the build is found, and not just
// below its threshold, and that a reliable run has no warning.
#include "result/diagnostics.h"

#include <doctest/doctest.h>

#include <string>

#include "result/sample_result.h"
#include "support/text.h"

namespace aiobench::result {
namespace {

using test::has;

// A result with one reliable run, and the one repetition of that run.
struct Sample {
  Results result = test::sample_result();
  Run& run = result.runs[0];
  Repetition& r = run.repetitions[0];

  std::vector<Warning> diagnosed() const { return diagnose(run, result.host, result.tool); }
  // The codes, separated by spaces.
  std::string codes() const {
    std::string text;
    for (const Warning& warning : diagnosed()) {
      text += std::string(text.empty() ? "" : " ") + warning.kind().name;
    }
    return text;
  }
  // The message of the only warning.
  std::string message() const {
    const std::vector<Warning> warnings = diagnosed();
    REQUIRE(warnings.size() == 1);
    CHECK_FALSE(warnings[0].advice.empty());
    return warnings[0].message;
  }
};

TEST_CASE("a reliable run has no warning") {
  Sample sample;
  CHECK(sample.codes() == "");
  sample.run = test::sample_copy_run();
  CHECK(sample.codes() == "");
}

TEST_CASE("a run without repetitions is not diagnosed") {
  Sample sample;
  sample.result.host.wine = "8.0";
  sample.run.target.hole_share = 1;
  CHECK(sample.codes() == "wine sparse_file");
  sample.run.repetitions.clear();
  CHECK(sample.codes() == "");
}

TEST_CASE("Wine") {
  Sample sample;
  sample.result.host.wine = "8.0 (Debian)";
  CHECK(sample.codes() == "wine");
  CHECK(has(sample.message(), "Wine 8.0 (Debian)"));
  CHECK(sample.diagnosed()[0].kind().suspect);
}

TEST_CASE("a build that is not optimized, or has a sanitizer") {
  Sample sample;
  sample.result.tool.build_type = "RelWithDebInfo";
  CHECK(sample.codes() == "");
  sample.result.tool.build_type = "RelWithDebInfo with address,undefined sanitizer";
  CHECK(sample.codes() == "debug_build");
  CHECK(has(sample.message(), "address,undefined sanitizer"));
  CHECK(sample.diagnosed()[0].kind().suspect);
  sample.result.tool.build_type = "Debug";
  sample.result.tool.optimized = false;
  CHECK(has(sample.message(), "(Debug)"));
  sample.result.tool.build_type.clear();
  CHECK(has(sample.message(), "(no build type)"));
}

TEST_CASE("other processes use the CPU") {
  Sample sample;
  sample.r.other_cpu_share = 0.249;
  CHECK(sample.codes() == "");
  sample.r.other_cpu_share = 0.251;
  CHECK(sample.codes() == "busy_machine");
  CHECK(has(sample.message(), "25 %"));
  CHECK(sample.diagnosed()[0].kind().suspect);
  sample.result.host.wine = "8.0";
  CHECK(sample.codes() == "wine");  // the other process is the Wine server
  sample.result.host.wine.clear();
  sample.r.other_cpu_share.reset();
  CHECK(sample.codes() == "");
}

TEST_CASE("a clock that is too coarse for the latency") {
  Sample sample;
  sample.result.host.clock_step_ns = 2'000'000;  // the latencies are 4 ms
  CHECK(sample.codes() == "");
  sample.result.host.clock_step_ns = 2'100'000;
  CHECK(sample.codes() == "coarse_clock");
  CHECK(has(sample.message(), "4.00 ms or less"));
  CHECK(has(sample.message(), "2.10 ms"));
  CHECK(sample.diagnosed()[0].kind().suspect);
  sample.result.host.clock_step_ns = 0;  // unknown
  CHECK(sample.codes() == "");
}

TEST_CASE("no latency, no coarse clock") {
  Sample sample;
  sample.r = {};
  sample.result.host.clock_step_ns = 1e9;
  CHECK(sample.codes() == "");
}

TEST_CASE("a sparse file") {
  Sample sample;
  sample.run.target.hole_share = 0.049;
  CHECK(sample.codes() == "");
  sample.run.target.hole_share = 0.051;
  CHECK(sample.codes() == "sparse_file");
  CHECK(has(sample.message(), "5.1 %"));
  CHECK(sample.diagnosed()[0].kind().suspect);
  sample.run.config.engine = "null";  // it reads no data
  CHECK(sample.codes() == "");
  sample.run.config.engine = "sync";
  sample.run.target.hole_share.reset();
  CHECK(sample.codes() == "");
}

TEST_CASE("a file that was in the page cache before direct access") {
  Sample sample;
  sample.run.config.cache = CacheState::direct;
  sample.run.target.cached_share_before = sample.run.target.cached_share_after = 0.03;
  CHECK(sample.codes() == "");
  sample.run.target.cached_share_before = 0.06;
  CHECK(sample.codes() == "cached_though_direct");
  CHECK(has(sample.message(), "6 % of the file was in the page cache"));
  CHECK(sample.diagnosed()[0].kind().suspect);
  for (const CacheState cache : {CacheState::asis, CacheState::warm, CacheState::cold}) {
    sample.run.config.cache = cache;
    CHECK(sample.codes() == "");
  }
}

TEST_CASE("a file that direct access brought into the page cache") {
  Sample sample;
  sample.run.config.cache = CacheState::direct;
  sample.run.target.cached_share_before = 0;
  sample.run.target.cached_share_after = 1;
  CHECK(sample.codes() == "cached_though_direct");
  CHECK(has(sample.message(), "100 % of the file entered the page cache"));
  sample.run.target.cached_share_before.reset();
  sample.run.target.cached_share_after.reset();  // unknown, so no warning
  CHECK(sample.codes() == "");
}

TEST_CASE("a partial pass gets only the warnings that hold for any part of it") {
  Sample sample;
  sample.run.target.hole_share = 1;
  sample.r.other_cpu_share = 1;
  sample.r.inline_completions = sample.r.requests;
  CHECK(sample.codes() == "sparse_file busy_machine mostly_inline");
  sample.r.partial = true;
  CHECK(sample.codes() == "sparse_file busy_machine");
}

TEST_CASE("the median repetition is diagnosed") {
  Sample sample;
  sample.run.repetitions.assign(3, test::sample_repetition());
  sample.run.repetitions[0].wall_seconds = 1;
  sample.run.repetitions[0].other_cpu_share = 1;
  sample.run.repetitions[1].wall_seconds = 3;
  sample.run.repetitions[1].other_cpu_share = 1;
  CHECK(sample.codes() == "");
  sample.run.repetitions[2].other_cpu_share = 1;
  CHECK(sample.codes() == "busy_machine");
}

}  // namespace
}  // namespace aiobench::result
