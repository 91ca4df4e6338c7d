#include "pipeline/hash_run.h"

#include "pipeline/crew.h"
#include "pipeline/hash_job.h"

namespace aiobench::pipeline {
namespace {

std::vector<Lane> make_lanes(HashJob& job, const engine::EngineConfig& config, unsigned count) {
  std::vector<Lane> lanes;
  lanes.reserve(count);
  for (unsigned i = 0; i < count; ++i) {
    lanes.push_back(hash_lane(job, {config.buffer(i), i}));
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
  RunOutcome outcome;
  outcome.file_bytes = file.bytes;
  outcome.lanes = std::min(lanes_for(file.bytes, settings), engine.config().depth);
  outcome.threads = engine.config().threads;
  const std::unique_ptr<hash::Hasher> hasher = hash::make_hasher(settings.hash);
  const std::uint32_t alignment = settings.direct ? file.file.direct_alignment() : 1;
  Result<platform::PageMemory> sums = make_sums(engine, settings, *hasher, outcome.lanes);
  if (!sums) return failed(sums.take_error());
  HashJob job(file, settings.block_bytes, alignment, outcome.lanes, *hasher,
              settings.hash != hash::Algorithm::none, sums->span());
  std::vector<Lane> lanes = make_lanes(job, engine.config(), outcome.lanes);
  Crew crew(engine, event);
  if (settings.direct && outcome.lanes > 1) crew.submit_each();
  if (Status ready = crew.muster(); !ready) return failed(ready.take_error());
  const platform::CpuTime cpu_before = platform::process_cpu_time();
  crew.start(lanes);
  const Watched work{.finished = [&] { return crew.finished(); },
                     .stop = [&] { job.stop(); },
                     .cancel = [&] { engine.cancel(); },
                     .report =
                         [&] {
                           if (progress) progress(job.hashed_bytes(), file.bytes);
                         }};
  watch(work, event);
  crew.join();
  outcome.cpu = cpu_since(cpu_before);
  AIOBENCH_CHECK(engine.in_flight() == 0);
  take_figures(crew, outcome);
  outcome.done_bytes = job.hashed_bytes();
  outcome.failure = job.failure();
  outcome.interrupted = platform::interrupted() && outcome.done_bytes < outcome.file_bytes;
  if (outcome.failure || outcome.interrupted) return outcome;
  outcome.failure = check_size(file);
  if (!outcome.failure && engine.moves_data()) outcome.digest = hasher->digest();
  return outcome;
}

RunOutcome hash_file(const RunSettings& settings, const std::string& path, BufferPool& pool,
                     platform::WakeEvent& event, const Progress& progress) {
  const Result<std::uint64_t> bytes = size_of(path);
  if (!bytes) return failed(bytes.error());
  Result<OpenedFile> opened = open_file(settings, path, lanes_for(*bytes, settings), pool);
  if (!opened) return failed(opened.take_error());
  return hash_attached(*opened->engine, *opened->file, settings, event, progress);
}

}  // namespace aiobench::pipeline
