#include "pipeline/hash_run.h"

#include "pipeline/crew.h"
#include "pipeline/hash_job.h"

namespace aiobench::pipeline {
namespace {

std::vector<Lane> make_lanes(HashJob& job, const engine::EngineConfig& config, unsigned count) {
  std::vector<Lane> lanes;
  lanes.reserve(count);
  for (unsigned i = 0; i < count; ++i) {
    lanes.push_back(hash_lane(job, {config.buffers.data() + i * config.buffer_stride, i}));
  }
  return lanes;
}

RunOutcome failed(Error error) {
  RunOutcome outcome;
  outcome.failure = std::move(error);
  return outcome;
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
  HashJob job(file, settings.block_bytes, alignment, outcome.lanes, *hasher,
              settings.hash != hash::Algorithm::none);
  std::vector<Lane> lanes = make_lanes(job, engine.config(), outcome.lanes);
  Crew crew(engine, event);
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
