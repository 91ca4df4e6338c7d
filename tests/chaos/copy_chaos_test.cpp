// Tests that a copy gives the same bytes and their digest, or the correct error, with engines that
// behave in every way that the contract allows, with and without holes: 10,000 random runs, 2,000
// in the short form. A failure prints its seed; AIOBENCH_CHAOS_SEED=N repeats that run alone.
#include <doctest/doctest.h>

#include <algorithm>

#include "base/units.h"
#include "chaos/chaos_engine.h"
#include "chaos/chaos_run.h"
#include "chaos/chaos_scenario.h"
#include "os/system_error.h"
#include "run/copy.h"
#include "support/temp_file.h"

namespace aiobench::test {
namespace {

constexpr std::uint64_t kCopies = 10'000;

// Every third piece of 1,000 bytes is zeros, which a hole map may call a hole.
constexpr std::size_t kPiece = 1000;
bool is_zeros(std::size_t piece) {
  return piece % 3 == 1;
}

struct Sample {
  std::vector<std::byte> content;
  TempFile file;
  TempFile copy;  // of the same length, as the run under test allocates it
  std::vector<run::ByteRange> data;
  std::string digest;
};

Sample make_sample(std::size_t bytes) {
  std::vector<std::byte> content = random_bytes(bytes, bytes);
  std::vector<run::ByteRange> data;
  for (std::size_t at = 0; at < bytes; at += kPiece) {
    const std::size_t end = std::min(bytes, at + kPiece);
    if (is_zeros(at / kPiece)) {
      std::fill(content.begin() + static_cast<std::ptrdiff_t>(at),
                content.begin() + static_cast<std::ptrdiff_t>(end), std::byte{0});
    } else {
      data.push_back({at, end});
    }
  }
  TempFile file(content);
  const std::string digest = digest_of(content, hash::Algorithm::xxh3);
  return {std::move(content), std::move(file), TempFile::sparse(bytes), std::move(data), digest};
}

const std::vector<Sample>& samples() {
  static const std::vector<Sample> made =
      samples_of({0, 1, 512, 4097, 65536, 70001, 262147}, make_sample);
  return made;
}

struct Scenario : ChaosScenario {
  const Sample* sample = nullptr;
  bool holes = false;
  bool wrong_holes = false;  // the map calls everything a hole, as before the file was filled
};

Scenario scenario_of(std::uint64_t seed) {
  ScenarioDice dice(seed * 7901 + 3);
  Scenario s;
  s.sample = &samples()[dice.below(samples().size())];
  dice.roll_shape(s.settings);
  s.settings.hash = hash::Algorithm::xxh3;
  dice.roll_engine(s, seed, 10, s.sample->content.size());
  s.holes = dice.below(2) == 0;
  s.wrong_holes = s.holes && dice.below(4) == 0;
  return s;
}

bool holds(const TempFile& file, const std::vector<std::byte>& content) {
  const Result<os::File> opened = os::File::open(file.path(), {});
  REQUIRE(opened);
  std::vector<std::byte> found(content.size() + 1);
  std::size_t at = 0;
  for (;;) {
    const auto rest = static_cast<std::uint32_t>(found.size() - at);
    const os::Transferred got = opened->read_at(found.data() + at, rest, at);
    REQUIRE(got.error == 0);
    if (got.bytes == 0) break;
    at += got.bytes;
  }
  found.resize(at);
  return found == content;
}

void diagnose(const Scenario& s, const run::RunOutcome& outcome, const ChaosDice& dice) {
  const bool disturbed =
      !dice.failed_at.empty() || !dice.writes_failed_at.empty() || s.plan.end_at.has_value();
  if (!disturbed) {
    REQUIRE_MESSAGE(!outcome.failure, outcome.failure->line());
    CHECK(outcome.digest == s.sample->digest);
    CHECK(outcome.done_bytes == s.sample->content.size());
    CHECK(outcome.totals.reads.bytes == s.sample->content.size());
    if (!s.holes) CHECK(outcome.totals.writes.bytes == s.sample->content.size());
    CHECK(holds(s.sample->copy, s.sample->content));
    return;
  }
  CHECK(outcome.digest.empty());
  REQUIRE(outcome.failure.has_value());
  REQUIRE(outcome.failure->offset.has_value());
  // Reads fail in file order, writes in any order: the first failure of each kind.
  std::set<std::uint64_t> wrong = dice.failed_at;
  wrong.insert(dice.writes_failed_at.begin(), dice.writes_failed_at.end());
  if (s.plan.end_at) wrong.insert(*s.plan.end_at);
  CHECK(wrong.count(*outcome.failure->offset) == 1);
  const bool of_device = dice.failed_at.count(*outcome.failure->offset) != 0 ||
                         dice.writes_failed_at.count(*outcome.failure->offset) != 0;
  CHECK(outcome.failure->code == (of_device ? os::device_failure_code() : 0));
}

void run_over(const Scenario& s, engine::Engine& chaos, const ChaosDice& dice) {
  static os::WakeEvent event;
  auto source = chaos.open(s.sample->file.path(), {});
  REQUIRE(source);
  // Data of an earlier run must not be mistaken for data of this one.
  s.sample->copy.resize(0);
  s.sample->copy.resize(s.sample->content.size());
  auto copy = chaos.open(s.sample->copy.path(), {.access = os::Access::read_write});
  REQUIRE(copy);
  run::Destination destination;
  destination.file = *copy;
  destination.path = "copy";
  if (s.holes) {
    destination.holes =
        run::HoleMap(s.wrong_holes ? std::vector<run::ByteRange>() : s.sample->data);
  }
  const run::RunOutcome outcome =
      run::copy_attached(chaos, nullptr, **source, destination, s.settings, {.event = event});
  diagnose(s, outcome, dice);
}

void run_seed(std::uint64_t seed) {
  const Scenario s = scenario_of(seed);
  CAPTURE(s.holes);
  with_chaos(s, s.settings.depth,
             [&](engine::Engine& chaos, const ChaosDice& dice) { run_over(s, chaos, dice); });
}

TEST_CASE("random copies give the same bytes or the correct error") {
  for_each_seed(kCopies, run_seed);
}

}  // namespace
}  // namespace aiobench::test
