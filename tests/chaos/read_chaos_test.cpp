// Tests that a read run makes every requested request, or reports the correct error, and ends with
// nothing in flight, with engines that behave in every way that the contract allows: 4,000 random
// runs, 800 in the short form, with and without a rate and a duration. A failure prints its seed;
// AIOBENCH_CHAOS_SEED=N repeats that run alone.
#include <doctest/doctest.h>

#include <algorithm>

#include "chaos/chaos_engine.h"
#include "chaos/chaos_run.h"
#include "chaos/chaos_scenario.h"
#include "os/system_error.h"
#include "run/read.h"
#include "support/temp_file.h"

namespace aiobench::test {
namespace {

constexpr std::uint64_t kRuns = 4'000;

struct Sample {
  std::uint64_t bytes;
  TempFile file;
};

Sample make_sample(std::size_t bytes) {
  return {bytes, TempFile(random_bytes(bytes, bytes))};
}

const std::vector<Sample>& samples() {
  static const std::vector<Sample> made =
      samples_of({0, 1, 511, 512, 4097, 65536, 70001, 262147}, make_sample);
  return made;
}

struct Scenario : ChaosScenario {
  const Sample* sample = nullptr;
  ReadSettings read;
};

Scenario scenario_of(std::uint64_t seed) {
  ScenarioDice dice(seed * 7919 + 2);
  Scenario s;
  s.sample = &samples()[dice.below(samples().size())];
  dice.roll_shape(s.settings);
  s.settings.hash = hash::Algorithm::none;
  s.read.pattern = dice.below(2) == 0 ? Pattern::random : Pattern::sequential;
  s.read.seed = dice.below(100);
  if (dice.below(2) == 0) s.read.limit_bytes = 1 + dice.below(300) * s.settings.block_bytes;
  // From a rate at which every lane waits for a while to one that cannot be reached.
  const double rates[] = {0, 0, 20'000, 300'000, 1e9};
  s.read.rate_per_second = rates[dice.below(std::size(rates))];
  if (dice.below(4) == 0) s.read.duration_seconds = 1e-5 * static_cast<double>(1 + dice.below(300));
  dice.roll_engine(s, seed, 20, s.sample->bytes);
  return s;
}

// The requests of an uninterrupted run: their total bytes, and whether one reaches beyond the
// simulated end of the file.
struct Expected {
  std::uint64_t bytes = 0;
  std::uint64_t requests = 0;
  bool beyond_end = false;
};

Expected expected_of(const Scenario& s) {
  run::ReadPlan plan(s.read, s.sample->bytes, s.settings.block_bytes);
  Expected expected;
  run::Block block;
  while (plan.requests() != run::ReadPlan::kEndless && plan.next(block)) {
    expected.bytes += block.bytes;
    ++expected.requests;
    if (s.plan.end_at && block.offset + block.bytes > *s.plan.end_at) expected.beyond_end = true;
  }
  return expected;
}

// A failure without a cause is as wrong as one that is not reported.
void judge_failure(const Scenario& s, const Error& failure,
                   const std::set<std::uint64_t>& failed_at) {
  REQUIRE(failure.offset.has_value());
  CHECK(failure.operation == "read");
  if (failure.code != 0) {
    CHECK(failure.code == os::device_failure_code());
    CHECK(failed_at.count(*failure.offset) == 1);
    return;
  }
  REQUIRE(s.plan.end_at.has_value());
  const bool in_its_block = *failure.offset == *s.plan.end_at;
  const bool behind =
      *failure.offset > *s.plan.end_at && *failure.offset % s.settings.block_bytes == 0;
  CHECK((in_its_block || behind));
}

void diagnose(const Scenario& s, const run::RunOutcome& outcome,
              const std::set<std::uint64_t>& failed_at) {
  CHECK_FALSE(outcome.interrupted);
  CHECK(outcome.digest.empty());
  CHECK(outcome.done_bytes == outcome.totals.reads.bytes);
  CHECK(outcome.totals.reads.latency_ns.count() == outcome.totals.reads.requests);
  CHECK(outcome.totals.failures >= failed_at.size());  // the same offset may fail twice
  if (outcome.failure) return judge_failure(s, *outcome.failure, failed_at);
  CHECK(failed_at.empty());
  const Expected all = expected_of(s);
  if (s.read.duration_seconds == 0) {
    CHECK(outcome.totals.reads.bytes == all.bytes);
    CHECK(outcome.totals.reads.requests >= all.requests);  // more if some transfers were short
    CHECK_FALSE(all.beyond_end);
  } else if (s.read.limit_bytes > 0) {
    CHECK(outcome.totals.reads.bytes <= all.bytes);
  }
}

void run_over(const Scenario& s, engine::Engine& chaos, const ChaosDice& dice) {
  static os::WakeEvent event;
  auto file = chaos.open(s.sample->file.path(), {});
  REQUIRE(file);
  Settings settings = s.settings;
  settings.read = s.read;
  const run::RunOutcome outcome = run::read_attached(chaos, **file, settings, {.event = event});
  diagnose(s, outcome, dice.failed_at);
}

void run_seed(std::uint64_t seed) {
  const Scenario s = scenario_of(seed);
  CAPTURE(s.read.rate_per_second);
  CAPTURE(s.read.duration_seconds);
  with_chaos(s, s.settings.depth,
             [&](engine::Engine& chaos, const ChaosDice& dice) { run_over(s, chaos, dice); });
}

TEST_CASE("random reads make the correct requests or report the correct error") {
  for_each_seed(kRuns, run_seed);
}

}  // namespace
}  // namespace aiobench::test
