// Proves which runs belong to one configuration, how the configurations of two sides match, and
// when two sides were measured alternately.
#include "result/configuration.h"

#include <doctest/doctest.h>

#include "result/comparison.h"
#include "result/sample_result.h"
#include "result/sample_sides.h"

namespace aiobench::result {
namespace {

using result::Run;
using test::run_of;
using Results = std::vector<result::Results>;

Results results_of(std::vector<Run> runs) {
  return test::side_of("", std::move(runs)).results;
}

Run changed(void (*change)(Run&), Run run = run_of({1})) {
  change(run);
  return run;
}

TEST_CASE("configurations: runs are grouped across files and ordered by time") {
  Results results = results_of({run_of({1, 2}, 5000), run_of({3}, 1000)});
  results.push_back(results.front());
  results.back().runs = {run_of({4}, 5500)};
  const std::vector<Configuration> configurations = configurations_of(results);
  REQUIRE(configurations.size() == 1);
  CHECK(configurations[0].runs.size() == 3);
  std::vector<double> seconds;
  for (const result::Repetition* r : configurations[0].repetitions)
    seconds.push_back(r->wall_seconds);
  CHECK(seconds == std::vector<double>{3, 1, 4, 2});
}

TEST_CASE("configurations: every difference in settings makes another configuration") {
  const std::vector<void (*)(Run&)> changes = {
      [](Run& run) { run.job = "read"; },
      [](Run& run) { run.target.path = "/data/other.bin"; },
      [](Run& run) { run.config.engine = "libaio"; },
      [](Run& run) { run.config.engine_options = ""; },
      [](Run& run) { run.config.depth = 9; },
      [](Run& run) { run.config.threads = 3; },
      [](Run& run) { run.config.block_bytes = 4096; },
      [](Run& run) { run.config.hash = HashAlgorithm::xxh64; },
      [](Run& run) { run.config.cache = CacheState::cold; },
      [](Run& run) { run.origin = test::full_result(); },  // under Wine
  };
  std::vector<Run> runs = {run_of({1})};
  for (const auto change : changes) runs.push_back(changed(change));
  runs.push_back(test::sample_read_run());
  for (const auto change :
       std::vector<void (*)(Run&)>{[](Run& run) { run.config.read->pattern = Pattern::sequential; },
                                   [](Run& run) { run.config.read->seed = 8; },
                                   [](Run& run) { run.config.read->duration_seconds = 1; },
                                   [](Run& run) { run.config.read->limit_bytes = 1; },
                                   [](Run& run) { run.config.read->rate_per_second = 1; },
                                   [](Run& run) { run.config.read->files_at_once = 1; }}) {
    runs.push_back(changed(change, test::sample_read_run()));
  }
  runs.push_back(test::sample_copy_run());
  for (const auto change : std::vector<void (*)(Run&)>{
           [](Run& run) { run.config.copy->writer = "sync"; },
           [](Run& run) { run.config.copy->write_cache = WriteCache::buffered; },
           [](Run& run) { run.config.copy->sparse = false; },
           [](Run& run) { run.config.copy->flush = false; },
           [](Run& run) { run.config.copy->verify = false; }}) {
    runs.push_back(changed(change, test::sample_copy_run()));
  }
  const std::size_t count = runs.size();
  CHECK(count == 24);
  CHECK(configurations_of(results_of(std::move(runs))).size() == count);
}

TEST_CASE("configurations: settings that do not affect the run are ignored") {
  Run elsewhere = test::sample_copy_run();
  elsewhere.config.copy->destination = "/tmp/x";
  elsewhere.config.interval_seconds = 1;
  CHECK(configurations_of(results_of({test::sample_copy_run(), elsewhere})).size() == 1);
  Run chosen = run_of({1});
  chosen.config.requested_engine = "auto";
  CHECK(configurations_of(results_of({run_of({1}), chosen})).size() == 1);
}

TEST_CASE("configurations: interrupted and failed runs are counted and left out") {
  Run cut = run_of({1, 2});
  cut.repetitions[1].partial = true;
  Run failed = run_of({7});
  failed.failure = usage_error("read", "gone");
  const Results results = results_of({failed, cut});
  const std::vector<Configuration> configurations = configurations_of(results);
  REQUIRE(configurations.size() == 1);
  CHECK(configurations[0].repetitions.size() == 1);
  CHECK(configurations[0].partial == 1);
  CHECK(configurations[0].failures.size() == 1);
}

// The matches of two sides: the ignored differences of each, and the number of unmatched
// configurations per side.
struct Matched {
  std::vector<std::vector<std::string>> differences = {};
  std::size_t only_base = 0;
  std::size_t only_now = 0;
};

Matched match(const std::vector<Run>& base, const std::vector<Run>& now) {
  const Results before = results_of(base);
  const Results after = results_of(now);
  const std::vector<Configuration> first = configurations_of(before);
  const std::vector<Configuration> second = configurations_of(after);
  const Matching matching = match_configurations(first, second);
  Matched matched{.only_base = matching.only_base.size(), .only_now = matching.only_now.size()};
  for (const Match& one : matching.matches) matched.differences.push_back(treated_as_same(one));
  return matched;
}

Run at(const std::string& path) {
  Run run = run_of({1});
  run.target.path = path;
  return run;
}

Run chosen(const std::string& engine) {
  Run run = run_of({1});
  run.config.engine = engine;
  run.config.engine_options = "";
  run.config.requested_engine = "auto";
  return run;
}

TEST_CASE("matching: equal configurations match first") {
  const Matched same = match({at("/a/f"), at("/b/f")}, {at("/b/f"), at("/a/f")});
  CHECK(same.differences == std::vector<std::vector<std::string>>{{}, {}});
  CHECK(same.only_base + same.only_now == 0);
}

TEST_CASE("matching: another directory is ignored if only one file qualifies") {
  const Matched moved = match({at("/a/f"), at("/b/g")}, {at("/b/g"), at("/c/f")});
  REQUIRE(moved.differences.size() == 2);
  CHECK(moved.differences[0] == std::vector<std::string>{"path: /a/f, then /c/f"});
  CHECK(moved.differences[1].empty());
  CHECK(match({at("C:\\data\\f")}, {at("/data/f")}).differences.size() == 1);
  const Matched many = match({at("/a/f"), at("/b/f")}, {at("/c/f")});
  CHECK(many.differences.empty());
  CHECK(many.only_base == 2);
  CHECK(many.only_now == 1);
}

TEST_CASE("matching: an engine chosen by auto may differ, a requested one may not") {
  const Matched settled = match({chosen("mmap")}, {chosen("io_uring")});
  REQUIRE(settled.differences.size() == 1);
  CHECK(settled.differences[0] ==
        std::vector<std::string>{"auto chose: mmap, depth 8, threads 2, block 1MiB, then io_uring, "
                                 "depth 8, threads 2, block 1MiB"});
  Run asked = chosen("mmap");
  asked.config.requested_engine = "";
  CHECK(match({asked}, {chosen("io_uring")}).differences.empty());
}

TEST_CASE("matching: another system is ignored, and reported as another environment") {
  Run wine = run_of({1});
  wine.origin = test::full_result();
  CHECK(match({run_of({1})}, {wine}).differences.size() == 1);
  // One side has both systems: each configuration matches its own.
  const Matched both = match({run_of({1}), wine}, {wine, run_of({1})});
  CHECK(both.differences.size() == 2);
  CHECK(match({run_of({1}), wine}, {run_of({1})}).only_base == 1);
}

TEST_CASE("alternating: A B B A is, A A B B and unknown times are not") {
  const auto alternate = [](std::vector<std::uint64_t> base, std::vector<std::uint64_t> now) {
    std::vector<Run> runs;
    for (const std::vector<std::uint64_t>* starts : {&base, &now}) {
      runs.push_back(run_of(std::vector<double>(starts->size(), 1.0)));
      for (std::size_t i = 0; i < starts->size(); ++i) {
        runs.back().repetitions[i].started_unix_ns = (*starts)[i];
      }
    }
    const Results before = results_of({runs[0]});
    const Results after = results_of({runs[1]});
    return measured_alternately(configurations_of(before).front(),
                                configurations_of(after).front());
  };
  CHECK(alternate({1, 4, 5, 8}, {2, 3, 6, 7}));
  CHECK(alternate({1, 3}, {2, 4}));
  CHECK_FALSE(alternate({1, 2}, {3, 4}));
  CHECK_FALSE(alternate({1, 4, 5}, {2, 3}));
  CHECK_FALSE(alternate({0, 0}, {0, 0}));
  CHECK_FALSE(alternate({1, 3}, {1, 4}));
  CHECK_FALSE(alternate({1}, {2}));
}

TEST_CASE("alternating: not on two machines") {
  const Results before = results_of({run_of({1, 1}, 1000, 2000)});
  Results after = results_of({run_of({1, 1}, 2000, 2000)});
  CHECK(measured_alternately(configurations_of(before).front(), configurations_of(after).front()));
  after[0].host.memory_bytes *= 2;
  CHECK_FALSE(
      measured_alternately(configurations_of(before).front(), configurations_of(after).front()));
}

}  // namespace
}  // namespace aiobench::result
