// Tests that a read run makes the requested requests with every engine of this system: their
// number, bytes and offsets, until the bytes or the duration are reached; and that a failure ends
// the run and is reported with its offset.
#include "run/read.h"

#include <algorithm>
#include <atomic>
#include <mutex>

#include "base/units.h"
#include "os/system_error.h"
#include "run/read_fixture.h"
#include "support/engine_rig.h"

namespace aiobench::test {
namespace {

using run::RunOutcome;

// Runs `body(settings)` for every engine and several depths and thread counts.
template <class Body>
void for_each_way(const Body& body) {
  for (const std::string& spec : usable_engines()) {
    for (const unsigned depth : {1u, 7u, 64u}) {
      for (const unsigned threads : {1u, 3u}) {
        CAPTURE(spec);
        CAPTURE(depth);
        CAPTURE(threads);
        body(settings_for(spec, depth, threads, 4096));
      }
    }
  }
}

TEST_CASE("every engine reads a file once, with one request per block") {
  const TempFile file(random_bytes(50 * 4096 + 17, 1));
  for_each_way([&](const Settings& settings) {
    const RunOutcome outcome = read_one(settings, {}, file);
    check_whole(outcome, 50 * 4096 + 17, 51);
    CHECK(outcome.file_bytes == 50 * 4096 + 17);
    CHECK(outcome.lanes == std::min(settings.depth, 51u));
    CHECK(outcome.threads == std::min(settings.threads, outcome.lanes));
  });
}

TEST_CASE("every engine reads more bytes, and fewer, than the file has") {
  const TempFile file(random_bytes(10 * 4096 + 100, 2));
  for_each_way([&](const Settings& settings) {
    ReadSettings read;
    read.limit_bytes =
        25 * 4096;  // twice the file, whose last block has 100 bytes, and 3 more blocks
    check_whole(read_one(settings, read, file), 23 * 4096 + 200, 25);
    read.limit_bytes = 4097;
    check_whole(read_one(settings, read, file), 2 * 4096, 2);
    read.pattern = Pattern::random;
    read.limit_bytes = 300 * 4096;
    check_whole(read_one(settings, read, file), 300 * 4096, 300);
  });
}

TEST_CASE("every engine reads at a rate without losing a request") {
  const TempFile file(random_bytes(64 * 4096, 3));
  for_each_way([&](const Settings& settings) {
    ReadSettings read;
    read.rate_per_second = 20'000;
    read.limit_bytes = 200 * 4096;
    const RunOutcome outcome = read_one(settings, read, file);
    check_whole(outcome, 200 * 4096, 200);
    // Schedule and clock start together. If the schedule started first, the run would end too early
    // on a busy machine.
    CHECK(outcome.wall_seconds >= 199 / read.rate_per_second * 0.9999);
  });
}

TEST_CASE("a run over an empty file ends at once, whatever the settings") {
  const TempFile file(std::vector<std::byte>{});
  for (const std::string& spec : usable_engines()) {
    CAPTURE(spec);
    for (ReadSettings read : std::vector<ReadSettings>{
             {}, {.limit_bytes = 10'000}, {.duration_seconds = 1000}, {.rate_per_second = 0.001}}) {
      check_whole(read_one(settings_for(spec, 8, 2, 4096), read, file), 0, 0);
    }
  }
}

TEST_CASE("every engine reads until the duration has passed") {
  const TempFile file(random_bytes(64 * 4096, 4));
  std::uint64_t requests = 0;
  for_each_way([&](const Settings& settings) {
    ReadSettings read;
    read.duration_seconds = 0.02;
    const RunOutcome outcome = read_one(settings, read, file);
    REQUIRE_MESSAGE(!outcome.failure, outcome.failure->line());
    CHECK_FALSE(outcome.interrupted);
    CHECK(outcome.wall_seconds >= 0.019);
    requests += outcome.totals.reads.requests;
    CHECK(outcome.totals.reads.bytes == outcome.totals.reads.requests * 4096);
    CHECK(outcome.totals.reads.latency_ns.count() == outcome.totals.reads.requests);
  });
  // In total, not per thread: on a busy machine a thread may not run at all in so short a time.
  CHECK(requests > 0);
}

TEST_CASE("with bytes and a duration, the first limit reached ends the run") {
  const TempFile file(random_bytes(64 * 4096, 5));
  ReadSettings read;
  read.duration_seconds = 10'000;
  read.limit_bytes = 20 * 4096;
  check_whole(read_one(settings_for("sync", 4, 2, 4096), read, file), 20 * 4096, 20);
  read.duration_seconds = 0.02;
  read.limit_bytes = std::uint64_t{1} << 50;
  const RunOutcome outcome = read_one(settings_for("sync", 4, 2, 4096), read, file);
  CHECK_FALSE(outcome.failure.has_value());
  CHECK(outcome.wall_seconds >= 0.019);
}

TEST_CASE("direct access reads a tail that is not a whole sector") {
  const TempFile file(random_bytes(5 * 4096 + 300, 6));
  if (auto direct = os::File::open(file.path(), {.direct = true}); !direct) {
    MESSAGE("skipped: " << direct.error().line());
    return;
  }
  for_each_way([&](Settings settings) {
    settings.cache = CacheState::direct;
    check_whole(read_one(settings, {}, file), 5 * 4096 + 300, 6);
    ReadSettings read;
    read.limit_bytes = 12 * 4096;
    check_whole(read_one(settings, read, file), 10 * 4096 + 600, 12);
  });
  Settings odd = settings_for("sync", 2, 1, 4097);
  odd.cache = CacheState::direct;
  const RunOutcome outcome = read_one(odd, {}, file);
  REQUIRE(outcome.failure.has_value());
  CHECK(outcome.failure->kind == Error::Kind::usage);
}

TEST_CASE("the offsets are those of the plan at any depth and thread count") {
  for (const Pattern pattern : {Pattern::sequential, Pattern::random}) {
    ScriptedRun run;
    run.read.pattern = pattern;
    run.read.seed = 9;
    run.ask_for(5000);
    std::vector<std::uint64_t> expected;
    run::ReadPlan plan(run.read, run.file_bytes, ScriptedRun::kBlock);
    run::Block block;
    while (plan.next(block)) expected.push_back(block.offset);
    std::sort(expected.begin(), expected.end());
    for (const unsigned depth : {1u, 32u}) {
      for (const double rate : {0.0, 1e6}) {
        run.depth = depth;
        run.threads = std::min(depth, 4u);
        run.read.rate_per_second = rate;
        std::mutex mutex;
        std::vector<std::uint64_t> seen;
        check_whole(run.run([&](engine::Request& request) {
          const std::lock_guard lock(mutex);
          seen.push_back(request.offset);
        }),
                    5000 * ScriptedRun::kBlock, 5000);
        std::sort(seen.begin(), seen.end());
        CHECK((seen == expected));
      }
    }
  }
}

TEST_CASE("a failure ends the run and is reported with its offset and code") {
  for (const unsigned depth : {1u, 16u}) {
    for (const double rate : {0.0, 1e5}) {
      ScriptedRun run;
      run.depth = depth;
      run.threads = std::min(depth, 2u);
      run.ask_for(1'000'000);
      run.read.rate_per_second = rate;
      const RunOutcome outcome = run.run([](engine::Request& request) {
        if (request.offset == 100 * 512) request.error = os::device_failure_code();
      });
      REQUIRE(outcome.failure.has_value());
      CHECK(outcome.failure->operation == "read");
      CHECK(outcome.failure->offset == 100u * 512);
      CHECK(outcome.failure->code == os::device_failure_code());
      CHECK_FALSE(outcome.interrupted);
      CHECK(outcome.totals.reads.requests < 1'000'000);
      CHECK(outcome.totals.failures >= 1);
    }
  }
}

TEST_CASE(
    "after a short transfer the rest is requested, and a premature end of the file is reported") {
  ScriptedRun run;
  run.depth = 4;
  run.ask_for(50);
  check_whole(run.run([](engine::Request& request) {
    request.transferred = std::min<std::uint32_t>(request.bytes, 300);
  }),
              50 * 512, 100);
  const RunOutcome outcome = run.run([](engine::Request& request) {
    constexpr std::uint64_t kEnd = 20 * 512 + 77;
    const std::uint64_t there = kEnd - std::min(kEnd, request.offset);
    request.transferred = static_cast<std::uint32_t>(std::min<std::uint64_t>(512, there));
  });
  REQUIRE(outcome.failure.has_value());
  CHECK(outcome.failure->code == 0);
  CHECK(*outcome.failure->offset >= 20 * 512 + 77);
  CHECK(outcome.failure->line().find("shrank") != std::string::npos);
}

// Without Ctrl-C, a run that ended without an error could be mistaken for a complete one.
TEST_CASE("a request that the system cancelled is a failure") {
  ScriptedRun run;
  run.depth = 4;
  const RunOutcome outcome = run.run([](engine::Request& request) {
    if (request.offset == 7 * 512) request.error = os::cancelled_code();
  });
  REQUIRE(outcome.failure.has_value());
  CHECK(outcome.failure->offset == 7u * 512);
  CHECK(outcome.failure->code == os::cancelled_code());
}

TEST_CASE("every engine reports the new end of a file that shrank after it was opened") {
  for_each_way([&](const Settings& settings) {
    if (!moves_data(settings.engine)) return;
    if (maps_files(settings.engine) && engine::this_system() == std::string("Windows")) {
      MESSAGE("skipped: a mapped file cannot be shortened on Windows");
      return;
    }
    const TempFile file(random_bytes(100 * 4096, 1));
    run::BufferPool pool;
    auto opened = run::open_file(settings, file.path(), settings.depth, settings.depth, pool);
    REQUIRE(opened);
    file.resize(50 * 4096 + 5);
    for (const Pattern pattern : {Pattern::sequential, Pattern::random}) {
      Settings as = settings;
      as.read = ReadSettings{.pattern = pattern};
      const RunOutcome outcome =
          run::read_attached(*opened->engine, *opened->file, as, {.event = read_event()});
      REQUIRE(outcome.failure.has_value());
      CHECK(outcome.failure->path == file.path());
      CHECK(outcome.failure->code == 0);
      CHECK(*outcome.failure->offset >= 50 * 4096 + 5);
      CHECK(*outcome.failure->offset < 100 * 4096);
      // With sequential blocks, the first to fail is the one in which the file ends.
      const bool in_order = settings.depth == 1 && pattern == Pattern::sequential;
      // A mapping also contains the rest of its last page, as zeros.
      const bool maps = opened->engine->maps_files();
      if (in_order) CHECK(*outcome.failure->offset == (maps ? 51 * 4096 : 50 * 4096 + 5));
    }
  });
}

}  // namespace
}  // namespace aiobench::test
