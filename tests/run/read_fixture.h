// Test support: read runs with engines of this system, and with a scripted engine.
#pragma once

#include <doctest/doctest.h>

#include "run/read.h"
#include "run/scripted_engine.h"
#include "support/temp_file.h"

namespace aiobench::test {

inline os::WakeEvent& read_event() {
  static os::WakeEvent made;
  return made;
}

inline Settings settings_for(const std::string& spec, unsigned depth, unsigned threads,
                             std::uint32_t block_bytes) {
  Settings settings;
  const Result<engine::EngineSpec> parsed = engine::parse_engine(spec);
  REQUIRE(parsed);
  settings.engine = parsed->mechanism->name;
  settings.engine_options = parsed->options.text();
  settings.depth = depth;
  settings.threads = threads;
  settings.block_bytes = block_bytes;
  settings.hash = hash::Algorithm::none;
  return settings;
}

inline std::vector<run::RunOutcome> read_all(const Settings& settings, const ReadSettings& read,
                                             const std::vector<std::string>& paths,
                                             const run::Progress& progress = {},
                                             stats::Trace* trace = nullptr) {
  std::vector<run::BufferPool> pools(paths.size());
  Settings reading = settings;
  reading.read = read;
  return run::read_files(
      reading, paths,
      {.event = read_event(), .pools = pools, .progress = progress, .trace = trace});
}

inline run::RunOutcome read_one(const Settings& settings, const ReadSettings& read,
                                const TempFile& file) {
  return read_all(settings, read, {file.path()}).front();
}

inline void check_whole(const run::RunOutcome& outcome, std::uint64_t bytes,
                        std::uint64_t requests) {
  REQUIRE_MESSAGE(!outcome.failure, outcome.failure->line());
  CHECK_FALSE(outcome.interrupted);
  CHECK(outcome.done_bytes == bytes);
  CHECK(outcome.totals.reads.bytes == bytes);
  CHECK(outcome.totals.reads.requests == requests);
  CHECK(outcome.totals.failures == 0);
  CHECK(outcome.totals.reads.latency_ns.count() == requests);
  CHECK(outcome.digest.empty());
  CHECK((requests == 0 || outcome.wall_seconds > 0));
}

// The number of requests that took at least that long, to the width of a bucket.
inline std::uint64_t count_from(const stats::Histogram& latency, double milliseconds) {
  constexpr double kBucket = 0.992;
  std::uint64_t count = 0;
  for (const auto& [lowest, times] : latency.buckets()) {
    if (static_cast<double>(lowest) >= milliseconds * 1e6 * kBucket) count += times;
  }
  return count;
}

// The start of a scripted run: a file of 1 MiB, blocks of 512 bytes.
struct ScriptedRun {
  static constexpr std::uint32_t kBlock = 512;

  unsigned depth = 1;
  unsigned threads = 1;
  std::uint64_t file_bytes = 1 << 20;
  ReadSettings read;

  // The number of requests, set in bytes as --bytes does.
  void ask_for(std::uint64_t requests) { read.limit_bytes = requests * kBlock; }

  run::RunOutcome run(Script script) const {
    return over(std::move(script), [&](engine::Engine& engine, const engine::AttachedFile& file,
                                       const Settings& settings) {
      return run::read_attached(engine, file, settings, {.event = read_event()});
    });
  }

  // `body` with a scripted engine, and a file opened in it.
  template <class Body>
  run::RunOutcome over(Script script, const Body& body) const {
    const TempFile file = TempFile::sparse(file_bytes);
    run::BufferPool pool;
    REQUIRE(pool.reserve(depth, kBlock));
    ScriptedEngine engine({.depth = depth,
                           .threads = threads,
                           .block_bytes = kBlock,
                           .buffers = pool.span(),
                           .buffer_stride = kBlock,
                           .options = {}},
                          std::move(script));
    auto attached = engine.open(file.path(), {});
    REQUIRE(attached);
    Settings settings;
    settings.depth = depth;
    settings.threads = threads;
    settings.block_bytes = kBlock;
    settings.hash = hash::Algorithm::none;
    settings.read = read;
    return body(engine, **attached, settings);
  }
};

}  // namespace aiobench::test
