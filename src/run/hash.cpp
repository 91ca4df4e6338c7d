#include "run/hash.h"

#include "base/units.h"
#include "os/console.h"
#include "os/host.h"
#include "os/system_error.h"
#include "run/scheduler.h"
#include "run/tracing.h"

namespace aiobench::run {
namespace {

// The two clock readings around the hashing of a block cost 20 ns. That is nothing compared with a
// large block, but 5 % of a block of 4 KiB, so of small blocks one in 16 is timed and stands for
// the others.
constexpr std::uint32_t kAlwaysTimedBytes = 64 * kKiB;
constexpr std::uint64_t kSampleEvery = 16;

}  // namespace

HashJob::HashJob(const engine::AttachedFile& file, std::uint32_t block_bytes,
                 std::uint32_t alignment, unsigned lanes, hash::Hasher& hasher, bool timed,
                 std::span<std::byte> accumulators)
    : file_(file),
      plan_(file.bytes, block_bytes),
      sequencer_(lanes),
      alignment_(alignment),
      hasher_(hasher),
      sample_mask_(block_bytes < kAlwaysTimedBytes ? kSampleEvery - 1 : 0),
      timed_(timed),
      accumulators_(accumulators),
      accumulator_stride_(accumulators.size() / lanes) {}

void HashJob::prepare(const BlockTransfer& block, unsigned lane_index) {
  if (!accumulates(block)) return;
  const HashTimer timer(*this, block.block().index);
  hasher_.accumulate(block.data(), block.block().bytes, accumulators(lane_index));
}

void HashJob::take_turn(const BlockTransfer& block, unsigned lane_index) {
  const Turn turn(sequencer_, block.block().index);
  if (broken_) return;
  if (!block.whole()) {
    // A request that the program itself cancelled after Ctrl-C is not a failure.
    const bool cancelled = os::interrupted() && os::is_cancelled(block.error());
    end_with(cancelled ? std::nullopt : std::optional(block.failure(file_)));
    return;
  }
  hash(block, lane_index);
  // Checked after hashing: pages that the mapping lost before were hashed as zeros.
  if (std::optional<Error> lost = block.loss(file_)) {
    end_with(std::move(lost));
    return;
  }
  hashed_bytes_.store(hashed_bytes_.load(std::memory_order_relaxed) + block.block().bytes,
                      std::memory_order_relaxed);
}

void HashJob::hash(const BlockTransfer& block, unsigned lane_index) {
  const HashTimer timer(*this, block.block().index);
  if (splits(block.block())) {
    hasher_.absorb(block.data(), block.block().bytes, accumulators(lane_index));
  } else {
    hasher_.update(block.data(), block.block().bytes);
  }
}

HashJob::HashTimer::HashTimer(const HashJob& job, std::uint64_t block)
    : weight_(job.timed_ && (block & job.sample_mask_) == 0 ? job.sample_mask_ + 1 : 0),
      begin_(weight_ != 0 ? os::now_ticks() : 0) {}

HashJob::HashTimer::~HashTimer() {
  if (weight_ == 0) return;
  current_worker().recorder.hashing_ticks += (os::now_ticks() - begin_) * weight_;
}

// Blocks take their turns in order, so the first failure noted is the one with the lowest offset.
void HashJob::end_with(std::optional<Error> failure) {
  broken_ = true;
  plan_.stop();
  failure_ = std::move(failure);
}

Turn::~Turn() {
  if (Waiter* const next = sequencer_.end_turn(block_)) current_worker().turn_holders.push(*next);
}

// A lane whose predecessor is being hashed polls for its turn for about as long as that takes (some
// 3 us) before it suspends. A suspended lane is continued by the other thread, whose processor does
// not have the block in its cache; and its buffer is cold when this processor uses it again.
bool TurnWait::await_suspend(std::coroutine_handle<> awaiting) {
  constexpr unsigned kSpins = 200;
  coroutine = awaiting;
  const unsigned spins = is_next && current_worker().scheduler->may_spin() ? kSpins : 0;
  for (unsigned i = 0; i < spins && !sequencer->is_turn(block); ++i) os::cpu_relax();
  return !sequencer->arrive(block, *this);
}

namespace {

// With direct access and depth 1, a second buffer lets the next block be read while one is hashed.
// A read from the page cache is a copy by the same processor, and gains nothing. Above a block size
// of 8 MiB a second buffer would use more memory than a user expects.
bool reads_ahead(const RunSettings& settings) {
  constexpr std::uint32_t kMaxBytes = 8 * kMiB;
  return settings.direct && settings.depth == 1 && settings.block_bytes <= kMaxBytes;
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

// With mapped files hashing is the main work, so threads share it. With other engines the threads
// already share copying and hashing, and accumulating apart would only add work.
bool worth_splitting(const engine::Engine& engine, const RunSettings& settings) {
  return settings.split_hash.value_or(engine.maps_files() && engine.config().threads > 1);
}

// Memory for the accumulators of the lanes; empty if hashing is not split.
Result<os::PageMemory> allocate_accumulators(const engine::Engine& engine,
                                             const RunSettings& settings,
                                             const hash::Hasher& hasher, unsigned lanes) {
  if (!worth_splitting(engine, settings) || !hasher.can_split(settings.block_bytes)) {
    return os::PageMemory();
  }
  return os::PageMemory::allocate(lanes * hasher.accumulator_bytes(settings.block_bytes));
}

}  // namespace

RunOutcome hash_attached(engine::Engine& engine, const engine::AttachedFile& file,
                         const RunSettings& settings, os::WakeEvent& event,
                         const Progress& progress) {
  if (settings.direct) {
    if (Status fits = check_direct(file, settings); !fits) return failed(fits.take_error());
  }
  RunOutcome outcome = outcome_at_start(engine, file, settings);
  const std::unique_ptr<hash::Hasher> hasher = hash::make_hasher(settings.hash);
  const std::uint32_t alignment = settings.direct ? file.file.direct_alignment() : 1;
  Result<os::PageMemory> accumulators =
      allocate_accumulators(engine, settings, *hasher, outcome.lanes);
  if (!accumulators) return failed(accumulators.take_error());
  HashJob job(file, settings.block_bytes, alignment, outcome.lanes, *hasher,
              settings.hash != hash::Algorithm::none, accumulators->span());
  stats::TracePass* const trace_pass = begin_trace(settings, "hash", engine, file, outcome.lanes);
  std::vector<Lane> lanes = make_lanes(job, engine, outcome.lanes, trace_pass != nullptr);
  const WatchCalls calls{.stop = [&] { job.stop(); },
                         .report =
                             [&] {
                               if (progress) progress(job.hashed_bytes(), file.bytes);
                             }};
  const bool submit_each = settings.direct && outcome.lanes > 1;
  Status ran = run_lanes(engine, settings, lanes, submit_each, calls, event, outcome, trace_pass);
  if (!ran) return failed(ran.take_error());
  outcome.done_bytes = job.hashed_bytes();
  outcome.failure = job.failure();
  complete_outcome(engine, file, *hasher, outcome);
  return outcome;
}

RunOutcome hash_file(const RunSettings& settings, const std::string& path, BufferPool& pool,
                     os::WakeEvent& event, const Progress& progress) {
  const Result<std::uint64_t> bytes = size_of(path);
  if (!bytes) return failed(bytes.error());
  const unsigned lanes = lanes_for(*bytes, settings);
  const unsigned buffers = reads_ahead(settings) ? 2 : lanes;
  Result<OpenedFile> opened = open_file(settings, path, lanes, buffers, pool);
  if (!opened) return failed(opened.take_error());
  return hash_attached(*opened->engine, *opened->file, settings, event, progress);
}

}  // namespace aiobench::run
