// Tests that a hash run gives the correct digest or the correct error, and ends with nothing in
// flight, with engines that behave in every way that the contract allows: 10,000 random runs, 2,000
// in the short form. A failure prints its seed; AIOBENCH_CHAOS_SEED=N repeats that run alone.
#include "chaos/chaos_engine.h"
#include "chaos/chaos_run.h"
#include "chaos/chaos_scenario.h"

#include <doctest/doctest.h>

#include <map>

#include "os/system_error.h"
#include "run/hash.h"
#include "support/temp_file.h"

namespace aiobench::test {
namespace {

constexpr std::uint64_t kRuns = 10'000;

struct Sample {
  std::vector<std::byte> content;
  TempFile file;
  std::string digest;
};

Sample make_sample(std::size_t bytes) {
  std::vector<std::byte> content = random_bytes(bytes, bytes);
  TempFile file(content);
  const std::string digest = digest_of(content, hash::Algorithm::xxh3);
  return {std::move(content), std::move(file), digest};
}

const std::vector<Sample>& samples() {
  static const std::vector<Sample> made =
      samples_of({0, 1, 511, 512, 4097, 65536, 70001, 262147}, make_sample);
  return made;
}

struct Scenario : ChaosScenario {
  const Sample* sample = nullptr;
  bool split_hash = false;
  bool spare_buffer = false;  // at depth 1: the next block is requested while one is hashed
};

Scenario scenario_of(std::uint64_t seed) {
  ScenarioDice dice(seed * 7919 + 1);
  Scenario s;
  s.sample = &samples()[dice.below(samples().size())];
  dice.roll_shape(s.settings);
  s.settings.hash = hash::Algorithm::xxh3;
  s.split_hash = dice.below(2) == 0;
  dice.roll_engine(s, seed, 20, s.sample->content.size());
  s.spare_buffer = dice.below(6) == 0;
  if (s.spare_buffer) s.settings.depth = s.settings.threads = 1;
  return s;
}

void diagnose(const Scenario& s, const run::RunOutcome& outcome,
              const std::set<std::uint64_t>& failed_at) {
  if (failed_at.empty() && !s.plan.end_at) {
    REQUIRE_MESSAGE(!outcome.failure, outcome.failure->line());
    CHECK(outcome.digest == s.sample->digest);
    CHECK(outcome.done_bytes == s.sample->content.size());
    CHECK(outcome.totals.reads.bytes == s.sample->content.size());
    CHECK(outcome.totals.reads.latency_ns.count() == outcome.totals.reads.requests);
    return;
  }
  CHECK(outcome.digest.empty());
  REQUIRE(outcome.failure.has_value());
  REQUIRE(outcome.failure->offset.has_value());
  // Blocks take their turns in order, so the error reported is the first one in file order.
  std::uint64_t expected = failed_at.empty() ? UINT64_MAX : *failed_at.begin();
  if (s.plan.end_at) expected = std::min(expected, *s.plan.end_at);
  CHECK(*outcome.failure->offset == expected);
  const bool device = failed_at.count(expected) != 0;
  CHECK(outcome.failure->code == (device ? os::device_failure_code() : 0));
}

void run_over(const Scenario& s, engine::Engine& chaos, const ChaosDice& dice) {
  static os::WakeEvent event;
  auto file = chaos.open(s.sample->file.path(), {});
  REQUIRE(file);
  const run::RunOutcome outcome =
      run::hash_attached(chaos, **file, s.settings, {.event = event, .split_hash = s.split_hash});
  diagnose(s, outcome, dice.failed_at);
}

void run_seed(std::uint64_t seed) {
  const Scenario s = scenario_of(seed);
  CAPTURE(s.spare_buffer);
  const unsigned buffers = s.settings.depth + (s.spare_buffer ? 1 : 0);
  with_chaos(s, buffers,
             [&](engine::Engine& chaos, const ChaosDice& dice) { run_over(s, chaos, dice); });
}

TEST_CASE("random hash runs give the correct digest or the correct error") {
  for_each_seed(kRuns, run_seed);
}

}  // namespace
}  // namespace aiobench::test
