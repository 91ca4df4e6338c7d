// Tests the digest for every engine of this system, over depth, threads, block size and file size,
// for all four algorithms, buffered and direct. The expected digest is that of one pass of the same
// xxHash over the content in memory; tests/cli compares with xxhsum itself.
#include <doctest/doctest.h>

#include <map>
#include <random>

#include "base/units.h"
#include "run/hash.h"
#include "support/engine_rig.h"
#include "support/long_form.h"
#include "support/matrix.h"
#include "support/temp_file.h"

namespace aiobench::test {
namespace {

os::WakeEvent& event() {
  static os::WakeEvent made;
  return made;
}

bool can_be_direct() {
  const TempFile probe(random_bytes(4096, 1));
  return static_cast<bool>(os::File::open(probe.path(), {.direct = true}));
}

// The algorithms of the run with this number: one at random, or all in the long form.
std::vector<hash::Algorithm> algorithms_of(std::uint64_t chance, const Matrix& matrix) {
  if (long_form()) return matrix.algorithms;
  return {matrix.algorithms[chance % matrix.algorithms.size()]};
}

void set_engine(Settings& settings, const std::string& spec) {
  const Result<engine::EngineSpec> parsed = engine::parse_engine(spec);
  REQUIRE(parsed);
  settings.engine = parsed->mechanism->name;
  settings.engine_options = parsed->options.text();
}

// One file, and the parameters that vary.
void run_all(const std::string& spec, std::size_t bytes, const Matrix& matrix) {
  const std::vector<std::byte> content = random_bytes(bytes, bytes + 11);
  const TempFile file(content);
  std::map<hash::Algorithm, std::string> expected;
  for (const hash::Algorithm one : matrix.algorithms) expected[one] = digest_of(content, one);
  run::BufferPool pool;
  Settings settings;
  set_engine(settings, spec);
  if (matrix.direct) settings.cache = CacheState::direct;
  std::minstd_rand chance(static_cast<unsigned>(bytes + 1));
  for (const unsigned depth : matrix.depths) {
    for (const unsigned threads : matrix.threads) {
      for (const std::uint32_t block : matrix.blocks) {
        settings.depth = depth;
        settings.threads = threads;
        settings.block_bytes = block;
        for (const hash::Algorithm algorithm : algorithms_of(chance() >> 8, matrix)) {
          settings.hash = algorithm;
          const run::RunOutcome outcome = run::hash_file(settings, file.path(),
                                                         {.event = event(),
                                                          .pools = std::span(&pool, 1),
                                                          .split_hash = (chance() >> 8) % 2 == 0});
          INFO(spec, " depth ", depth, " threads ", threads, " block ", block, " size ", bytes);
          REQUIRE_MESSAGE(!outcome.failure, outcome.failure->line());
          CHECK(outcome.digest == expected[algorithm]);
          CHECK(outcome.totals.reads.bytes == bytes);
        }
      }
    }
  }
}

// Every engine, with the part of the matrix that `matrix_for` selects.
void run_everything(Matrix (*matrix_for)(const std::string& spec)) {
  for (const std::string& spec : usable_engines()) {
    if (!moves_data(spec)) continue;
    const Matrix matrix = matrix_for(spec);
    if (matrix.direct && maps_files(spec)) continue;
    for (const std::size_t bytes : matrix.sizes) run_all(spec, bytes, matrix);
  }
}

TEST_CASE("digests are correct for every engine, depth, thread count, block size and file size") {
  run_everything(Matrix::buffered);
}

TEST_CASE("the digest of a large file is correct with every engine") {
  run_everything(Matrix::large);
}

// conformance_test tests the same offsets with less data.
TEST_CASE("digests are correct above 4 GiB") {
  constexpr std::uint64_t kBytes = 4 * kGiB + 4097;
  const TempFile file = TempFile::sparse(kBytes);
  const std::vector<std::byte> tail = random_bytes(8192, 3);
  file.write(4 * kGiB - 4096, tail);  // across 4 GiB, so that a truncated offset is detected
  const auto hasher = hash::make_hasher(hash::Algorithm::xxh3);
  const std::vector<std::byte> zeros(4 * kMiB);
  for (std::uint64_t at = 0; at < 4 * kGiB - 4096; at += zeros.size()) {
    hasher->update(zeros.data(), std::min<std::uint64_t>(zeros.size(), 4 * kGiB - 4096 - at));
  }
  hasher->update(tail.data(), tail.size());
  hasher->update(zeros.data(), 1);
  run::BufferPool pool;
  for (const std::string& spec : Matrix::engines_for_huge_files(usable_engines())) {
    CAPTURE(spec);
    Settings settings;
    set_engine(settings, spec);
    settings.depth = 5;
    settings.threads = 2;
    settings.block_bytes = 4 * kMiB;
    // Reading a hole through the page cache takes time.
    if (can_be_direct() && !maps_files(spec)) settings.cache = CacheState::direct;
    const run::RunOutcome outcome =
        run::hash_file(settings, file.path(), {.event = event(), .pools = std::span(&pool, 1)});
    REQUIRE_MESSAGE(!outcome.failure, outcome.failure->line());
    CHECK(outcome.totals.reads.bytes == kBytes);
    CHECK(outcome.digest == hasher->digest());
  }
}

TEST_CASE(
    "direct access gives the same digests, also for files that do not end at a sector boundary") {
  if (!can_be_direct()) {
    MESSAGE("skipped: this file system does not support direct access");
    return;
  }
  run_everything(Matrix::past_the_cache);
}

}  // namespace
}  // namespace aiobench::test
