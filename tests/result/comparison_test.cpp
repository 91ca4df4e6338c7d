// Proves the verdicts of whole comparisons: which runs are compared, by which method, and how
// missing or incomparable data is reported.
#include "result/comparison.h"

#include <doctest/doctest.h>

#include <cmath>

#include "result/sample_result.h"
#include "result/sample_sides.h"

namespace aiobench::result {
namespace {

using result::Run;
using stats::Verdict;
using test::quiet_seconds;
using test::run_of;
using test::side_of;
using Runs = std::vector<Run>;

Comparison compared(Runs base, Runs now, const CompareOptions& options = {}) {
  return compare(side_of("base.json", std::move(base)), side_of("new.json", std::move(now)),
                 options);
}

Run slower(double factor) {
  return run_of(quiet_seconds(factor));
}

Run with_engine(const char* engine, Run run) {
  run.config.engine = engine;
  run.config.engine_options = "";
  return run;
}

TEST_CASE("comparison: slower is a regression, faster an improvement, equal no change") {
  const Comparison worse = compared({slower(1)}, {slower(1.2)});
  REQUIRE(worse.configurations.size() == 1);
  REQUIRE(worse.configurations[0].figures.size() == 1);
  const Figure& figure = worse.configurations[0].figures[0];
  CHECK(figure.base == doctest::Approx(2.0 * 1024 * 1024 * 1024).epsilon(1e-9));
  CHECK(figure.ratio == doctest::Approx(1 / 1.2));
  REQUIRE(figure.interval);
  CHECK(figure.interval->low < figure.ratio);
  CHECK(figure.ratio < figure.interval->high);
  CHECK(figure.verdict == Verdict::regression);
  CHECK(worse.outcome() == ComparisonOutcome::regression);
  CHECK(compared({slower(1.2)}, {slower(1)}).outcome() == ComparisonOutcome::improvement);
  CHECK(compared({slower(1)}, {slower(1.01)}).outcome() == ComparisonOutcome::no_change);
  CHECK(compared({slower(1)}, {slower(1.055)}).outcome() == ComparisonOutcome::inconclusive);
}

TEST_CASE("comparison: a higher latency is worse") {
  Run base = slower(1);
  Run now = slower(1);
  for (result::Repetition& r : now.repetitions) {
    for (int i = 0; i < 100; ++i) r.latency_ns.record(9'000'000);
  }
  const CompareOptions options{.metrics = {Metric::p50, Metric::p99}};
  const Comparison comparison = compared({base}, {now}, options);
  REQUIRE(comparison.configurations.size() == 1);
  REQUIRE(comparison.configurations[0].figures.size() == 2);
  CHECK(comparison.configurations[0].figures[0].verdict == Verdict::no_change);
  CHECK(comparison.configurations[0].figures[1].verdict == Verdict::regression);
  CHECK(comparison.configurations[0].figures[1].ratio == doctest::Approx(2.25).epsilon(0.01));
}

TEST_CASE(
    "comparison: runs measured alternately are compared as pairs, which drift does not affect") {
  std::vector<double> base = quiet_seconds();
  std::vector<double> now = quiet_seconds(1.2);
  for (std::size_t i = 0; i < base.size(); ++i) {
    const double drift = std::exp(0.3 * static_cast<double>(i));
    base[i] *= drift;
    now[i] *= drift;
  }
  const Comparison pairs = compared({run_of(base, 1000, 2000)}, {run_of(now, 2000, 2000)});
  REQUIRE(pairs.configurations.size() == 1);
  CHECK(pairs.configurations[0].paired);
  CHECK(pairs.outcome() == ComparisonOutcome::regression);
  const Comparison apart = compared({run_of(base, 1000)}, {run_of(now, 90'000)});
  CHECK_FALSE(apart.configurations[0].paired);
  CHECK(apart.outcome() == ComparisonOutcome::inconclusive);
}

TEST_CASE("comparison: too few repetitions are inconclusive, and the number needed is reported") {
  const Comparison few = compared({run_of({1, 1, 1})}, {run_of({9, 9, 9})});
  REQUIRE(few.configurations.size() == 1);
  CHECK_FALSE(few.configurations[0].figures[0].interval);
  CHECK(few.configurations[0].figures[0].min_repetitions == 4);
  CHECK(few.outcome() == ComparisonOutcome::inconclusive);
  const Comparison pairs =
      compared({run_of({1, 1, 1}, 1000, 2000)}, {run_of({9, 9, 9}, 2000, 2000)});
  CHECK(pairs.configurations[0].figures[0].min_repetitions == 6);
  // Enough runs, but noisy ones.
  const Comparison noisy = compared({slower(1)}, {slower(1.055)});
  CHECK(noisy.configurations[0].figures[0].min_repetitions == 0);
}

TEST_CASE("comparison: more comparisons require stronger evidence for each") {
  const Run base = run_of({1.0, 1.01, 0.99, 1.02});
  const Run now = run_of({1.2, 1.21, 1.19, 1.22});
  CHECK(compared({base}, {now}).outcome() == ComparisonOutcome::regression);
  Runs before = {base};
  Runs after = {now};
  for (const char* engine : {"sync", "libaio", "mmap"}) {
    before.push_back(with_engine(engine, base));
    after.push_back(with_engine(engine, base));
  }
  const Comparison many = compared(before, after);
  CHECK(many.outcome() == ComparisonOutcome::inconclusive);
  CHECK(many.configurations[0].figures[0].p == doctest::Approx(2.0 / 70));
  CHECK(many.configurations[0].figures[0].adjusted_p == doctest::Approx(8.0 / 70));
  CHECK(many.configurations[0].figures[0].min_repetitions == 5);
  CHECK(many.configurations[1].figures[0].verdict == Verdict::no_change);
}

TEST_CASE("comparison: a configuration of only one side is reported, and may be allowed") {
  const Runs both = {slower(1), with_engine("sync", slower(1))};
  const Comparison missing = compared(both, {slower(1)});
  REQUIRE(missing.incompatibilities.size() == 1);
  CHECK(missing.incompatibilities[0].kind == IncompatibilityKind::missing);
  CHECK(missing.incompatibilities[0].text ==
        "/data/large.bin: hash xxh3, sync, depth 8, 2 threads, block 1 MiB, cache warm: not in "
        "NEW");
  CHECK(missing.outcome() == ComparisonOutcome::not_comparable);
  const CompareOptions allowed{.allowed = {IncompatibilityKind::missing}};
  CHECK(compared(both, {slower(1)}, allowed).outcome() == ComparisonOutcome::no_change);
  CHECK(compared({slower(1)}, both).incompatibilities[0].text.ends_with("not in BASE"));
  // A regression takes priority over everything that is missing.
  CHECK(compared(both, {slower(1.2)}).outcome() == ComparisonOutcome::regression);
}

TEST_CASE("comparison: an empty comparison is never good, whatever is allowed") {
  const CompareOptions all{.allowed = {IncompatibilityKind::missing, IncompatibilityKind::digest,
                                       IncompatibilityKind::environment}};
  CHECK(compared({}, {}, all).outcome() == ComparisonOutcome::not_comparable);
  CHECK(compared({slower(1)}, {}, all).outcome() == ComparisonOutcome::not_comparable);
  CHECK(summary(compared({}, {}, all)) == "Not comparable: nothing was compared.");
}

TEST_CASE("comparison: failed and interrupted runs of either side are reported") {
  Run failed = slower(1);
  failed.failure = usage_error("read", "gone");
  const Comparison lost = compared({slower(1)}, {failed});
  REQUIRE(lost.incompatibilities.size() == 1);
  CHECK(lost.incompatibilities[0].text.ends_with("failed in NEW: cannot read: gone"));
  CHECK(lost.configurations.empty());
  Run cut = slower(1);
  cut.repetitions.back().partial = true;
  const Comparison left_out = compared({cut}, {slower(1)});
  CHECK(left_out.outcome() == ComparisonOutcome::no_change);
  CHECK(left_out.configurations[0].base_repetitions == 7);
  REQUIRE(left_out.notes.size() == 1);
  CHECK(left_out.notes[0].ends_with("1 interrupted repetition of BASE left out"));
  for (result::Repetition& r : cut.repetitions) r.partial = true;
  CHECK(compared({cut}, {slower(1)})
            .incompatibilities[0]
            .text.ends_with("no complete repetition in BASE"));
}

TEST_CASE("comparison: another file or machine gets figures but no verdict") {
  Run other = slower(1.2);
  for (result::Repetition& r : other.repetitions) r.digest = "ffff";
  const Comparison refused = compared({slower(1)}, {other});
  REQUIRE(refused.configurations.size() == 1);
  CHECK_FALSE(refused.configurations[0].figures[0].verdict);
  CHECK(refused.configurations[0].figures[0].ratio == doctest::Approx(1 / 1.2));
  CHECK(refused.outcome() == ComparisonOutcome::not_comparable);
  CHECK(compared({slower(1)}, {other}, {.allowed = {IncompatibilityKind::environment}}).outcome() ==
        ComparisonOutcome::not_comparable);
  const Comparison allowed =
      compared({slower(1)}, {other}, {.allowed = {IncompatibilityKind::digest}});
  CHECK(allowed.outcome() == ComparisonOutcome::regression);
  REQUIRE(allowed.incompatibilities.size() == 1);
  CHECK(allowed.incompatibilities[0].allowed);
}

TEST_CASE("comparison: an incompatibility of several configurations is reported once") {
  const Runs runs = {slower(1), with_engine("sync", slower(1))};
  const Side base = side_of("", runs);
  Side now = base;
  now.results[0].host.cpus = 99;
  CHECK(compare(base, now, {}).incompatibilities.size() == 1);
}

TEST_CASE("comparison: a missing metric is reported") {
  Run silent = slower(1);
  for (result::Repetition& r : silent.repetitions) r.latency_ns = {};
  const CompareOptions options{.metrics = {Metric::throughput, Metric::p99}};
  const Comparison comparison = compared({slower(1)}, {silent}, options);
  REQUIRE(comparison.incompatibilities.size() == 1);
  CHECK(comparison.incompatibilities[0].text.ends_with("cache warm: no p99: not measured in NEW"));
  CHECK(comparison.configurations[0].figures.size() == 1);
  CHECK(comparison.outcome() == ComparisonOutcome::not_comparable);
  Run pages = slower(1);
  pages.config.latency_of = "populating pages";
  CHECK(compared({slower(1)}, {pages}, options)
            .incompatibilities[0]
            .text.ends_with(
                "no p99: latencies of different operations: requests, then populating pages"));
}

TEST_CASE("comparison: suspect runs and Wine are marked") {
  Run busy = slower(1);
  busy.warnings = {{result::WarningCode::busy_machine, "it was", ""},
                   {result::WarningCode::hash_bound, "it was", ""}};
  const Comparison comparison = compared({slower(1)}, {busy});
  CHECK(comparison.configurations[0].suspect_base.empty());
  CHECK(comparison.configurations[0].suspect_now == std::vector<std::string>{"busy_machine"});
  CHECK(suspect_text(comparison.configurations[0]) == "suspect: busy_machine (NEW)");
  CHECK(comparison.notes.empty());
  Run wine = slower(1);
  wine.origin = test::full_result();
  CHECK(compared({wine}, {wine}).notes ==
        std::vector<std::string>{"Timing under Wine says nothing about Windows."});
}

}  // namespace
}  // namespace aiobench::result
