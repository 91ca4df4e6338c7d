#include "run/hash_run.h"

#include "base/units.h"
#include "run/hash.h"
#include "run/tracing.h"

namespace aiobench::pipeline {
namespace {

// At depth 1 past the page cache a second buffer lets the next block be read while one is hashed.
// From the cache reading is copying, and the same processor's work. Blocks may be so large that a
// second one is more memory than anybody expects.
bool reads_ahead(const RunSettings& settings) {
  constexpr std::uint32_t kMostBytes = 8 * kMiB;
  return settings.direct && settings.depth == 1 && settings.block_bytes <= kMostBytes;
}

std::vector<Lane> make_lanes(HashJob& job, const engine::Engine& engine, unsigned count,
                             bool traced) {
  const engine::EngineConfig& config = engine.config();
  std::vector<Lane> lanes;
  const bool one_thread = config.threads == 1 && !engine.has_own_threads();
  if (count == 1 && config.buffer_count() > 1 && one_thread) {
    lanes.push_back(read_ahead_lane(job, {config.buffer(0), 0}, {config.buffer(1), 1}, traced));
    return lanes;
  }
  lanes.reserve(count);
  for (unsigned i = 0; i < count; ++i) {
    lanes.push_back(hash_lane(job, {config.buffer(i), i}, traced));
  }
  return lanes;
}

RunOutcome failed(Error error) {
  RunOutcome outcome;
  outcome.failure = std::move(error);
  return outcome;
}

// Where the data comes without a copy, hashing is the work that there is, and threads share it.
// Elsewhere they share copying and hashing as it is, and summing up apart would only add to it.
bool worth_splitting(const engine::Engine& engine, const RunSettings& settings) {
  return settings.split_hash.value_or(engine.maps_files() && engine.config().threads > 1);
}

// Memory for the lanes' sums; none where hashing is not split.
Result<platform::PageMemory> make_sums(const engine::Engine& engine, const RunSettings& settings,
                                       const hash::Hasher& hasher, unsigned lanes) {
  if (!worth_splitting(engine, settings) || !hasher.can_split(settings.block_bytes)) {
    return platform::PageMemory();
  }
  return platform::PageMemory::allocate(lanes * hasher.sum_bytes(settings.block_bytes));
}

}  // namespace

RunOutcome hash_attached(engine::Engine& engine, const engine::AttachedFile& file,
                         const RunSettings& settings, platform::WakeEvent& event,
                         const Progress& progress) {
  if (settings.direct) {
    if (Status fits = check_direct(file, settings); !fits) return failed(fits.take_error());
  }
  RunOutcome outcome = outcome_before(engine, file, settings);
  const std::unique_ptr<hash::Hasher> hasher = hash::make_hasher(settings.hash);
  const std::uint32_t alignment = settings.direct ? file.file.direct_alignment() : 1;
  Result<platform::PageMemory> sums = make_sums(engine, settings, *hasher, outcome.lanes);
  if (!sums) return failed(sums.take_error());
  HashJob job(file, settings.block_bytes, alignment, outcome.lanes, *hasher,
              settings.hash != hash::Algorithm::none, sums->span());
  measure::TracePass* const pass = begin_trace(settings, "hash", engine, file, outcome.lanes);
  std::vector<Lane> lanes = make_lanes(job, engine, outcome.lanes, pass != nullptr);
  const Watched work{.finished = {},
                     .stop = [&] { job.stop(); },
                     .cancel = {},
                     .in_flight = {},
                     .report =
                         [&] {
                           if (progress) progress(job.hashed_bytes(), file.bytes);
                         }};
  const bool submit_each = settings.direct && outcome.lanes > 1;
  Status ran = run_lanes(engine, settings, lanes, submit_each, work, event, outcome, pass);
  if (!ran) return failed(ran.take_error());
  outcome.done_bytes = job.hashed_bytes();
  outcome.failure = job.failure();
  conclude(engine, file, *hasher, outcome);
  return outcome;
}

RunOutcome hash_file(const RunSettings& settings, const std::string& path, BufferPool& pool,
                     platform::WakeEvent& event, const Progress& progress) {
  const Result<std::uint64_t> bytes = size_of(path);
  if (!bytes) return failed(bytes.error());
  const unsigned lanes = lanes_for(*bytes, settings);
  const unsigned buffers = reads_ahead(settings) ? 2 : lanes;
  Result<OpenedFile> opened = open_file(settings, path, lanes, buffers, pool);
  if (!opened) return failed(opened.take_error());
  return hash_attached(*opened->engine, *opened->file, settings, event, progress);
}

}  // namespace aiobench::pipeline
