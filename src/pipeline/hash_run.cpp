#include "pipeline/hash_run.h"

#include <fmt/format.h>
#include <spdlog/spdlog.h>

#include <algorithm>

#include "base/size.h"
#include "pipeline/crew.h"
#include "pipeline/hash_job.h"
#include "platform/system_error.h"

namespace aiobench::pipeline {
namespace {

constexpr unsigned kTickMs = 100;  // between two reports of progress

// Waits for the end of the run; meanwhile reports progress, and ends it early on an interrupt.
// Returns whether it was interrupted.
bool watch(Crew& crew, HashJob& job, platform::WakeEvent& event, const Progress& progress) {
  constexpr unsigned kTicksOfPatience = 10;
  unsigned ticks_since_interrupt = 0;
  while (!crew.finished()) {
    event.wait(kTickMs);
    if (crew.finished()) break;
    if (progress) progress(job.hashed_bytes(), job.file().bytes);
    if (!platform::interrupted()) continue;
    job.stop();
    crew.engine().cancel();
    if (++ticks_since_interrupt == kTicksOfPatience) {
      spdlog::warn("waiting for reads that the system does not give up; Ctrl-C again ends at once");
    }
  }
  return platform::interrupted();
}

// A file that grew has another digest than its first part.
std::optional<Error> check_size(const engine::AttachedFile& file) {
  Result<std::uint64_t> now = file.file.size();
  if (!now) return now.take_error();
  if (*now == file.bytes) return std::nullopt;
  Error error;
  error.operation = "hash";
  error.path = file.file.path();
  error.offset = file.bytes;
  error.cause =
      fmt::format("the file had {} bytes when it was opened and has {} now", file.bytes, *now);
  error.hint = "it changed while it was read; hash it when nobody writes to it";
  return error;
}

// Files of /proc have no size but content: the digest of nothing would be a wrong answer.
Status check_empty(const platform::File& file) {
  std::byte first{};
  if (file.read_at(&first, 1, 0).bytes == 0) return {};
  Error error;
  error.operation = "hash";
  error.path = file.path();
  error.cause = "its size is said to be 0, and yet it has content";
  error.hint = "copy it to a regular file first; the kernel makes such files up when they are read";
  return error;
}

Status check_direct(const engine::AttachedFile& file, const RunSettings& settings) {
  const std::uint32_t alignment = file.file.direct_alignment();
  if (settings.block_bytes % alignment == 0) return {};
  Error error = usage_error(
      "use --block-size " + format_exact_size(settings.block_bytes) + " with --cache direct",
      fmt::format("direct access to '{}' needs multiples of {} bytes", file.file.path(),
                  alignment));
  error.hint = fmt::format("try --block-size {}",
                           format_exact_size(align_up(settings.block_bytes, alignment)));
  return error;
}

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

platform::CpuTime operator-(const platform::CpuTime& a, const platform::CpuTime& b) {
  return {a.user_seconds - b.user_seconds, a.system_seconds - b.system_seconds};
}

}  // namespace

Status BufferPool::reserve(unsigned lanes, std::size_t stride) {
  const std::size_t bytes = lanes * stride;
  if (memory_.size() >= bytes) return {};
  memory_ = {};  // first, so that old and new are not there at once
  Result<platform::PageMemory> memory = platform::PageMemory::allocate(bytes);
  if (!memory) return memory.take_error();
  memory_ = memory.take();
  return {};
}

unsigned lanes_for(std::uint64_t file_bytes, const RunSettings& settings) {
  const std::uint64_t blocks = BlockPlan(file_bytes, settings.block_bytes).blocks();
  return static_cast<unsigned>(std::clamp<std::uint64_t>(blocks, 1, settings.depth));
}

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
  const bool interrupted = watch(crew, job, event, progress);
  crew.join();
  outcome.cpu = platform::process_cpu_time() - cpu_before;
  AIOBENCH_CHECK(engine.in_flight() == 0);
  outcome.wall_seconds = platform::ticks_to_seconds(crew.finished_ticks() - crew.started_ticks());
  outcome.totals = crew.totals();
  outcome.hashed_bytes = job.hashed_bytes();
  outcome.failure = job.failure();
  outcome.interrupted = interrupted && outcome.hashed_bytes < outcome.file_bytes;
  if (outcome.failure || outcome.interrupted) return outcome;
  outcome.failure = check_size(file);
  if (!outcome.failure && engine.moves_data()) outcome.digest = hasher->digest();
  return outcome;
}

RunOutcome hash_file(const RunSettings& settings, const std::string& path, BufferPool& pool,
                     platform::WakeEvent& event, const Progress& progress) {
  const platform::OpenOptions options{.access = platform::Access::read, .direct = settings.direct};
  Result<platform::File> probe = platform::File::open(path, {});
  if (!probe) return failed(probe.take_error());
  Result<std::uint64_t> bytes = probe->size();
  if (!bytes) return failed(bytes.take_error());
  if (*bytes == 0) {
    if (Status empty = check_empty(*probe); !empty) return failed(empty.take_error());
  }
  const std::size_t stride = align_up(settings.block_bytes, 4 * kKiB);
  const unsigned lanes = lanes_for(*bytes, settings);
  if (Status got = pool.reserve(lanes, stride); !got) return failed(got.take_error());
  const engine::EngineConfig config{.depth = lanes,
                                    .threads = std::min(settings.threads, lanes),
                                    .block_bytes = settings.block_bytes,
                                    .buffers = pool.span().first(lanes * stride),
                                    .buffer_stride = stride,
                                    .options = settings.engine.options};
  const engine::Maker* const maker = engine::find_maker(settings.engine.mechanism->name);
  AIOBENCH_CHECK(maker != nullptr);
  Result<std::unique_ptr<engine::Engine>> engine = maker->make(config);
  if (!engine) return failed(engine.take_error());
  Result<const engine::AttachedFile*> file = (*engine)->open(path, options);
  if (!file) return failed(file.take_error());
  return hash_attached(**engine, **file, settings, event, progress);
}

}  // namespace aiobench::pipeline
