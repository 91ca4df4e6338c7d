#include "run/hash.h"

#include "base/units.h"
#include "os/console.h"
#include "os/host.h"
#include "os/system_error.h"
#include "run/scheduler.h"
#include "run/tracing.h"

namespace aiobench::run {
namespace {

// The two clock readings around the hashing of a block take 20 ns. That is negligible for a large
// block, but 5 % of a block of 4 KiB. Therefore only one in 16 small blocks is timed, and its time
// counts 16 times.
constexpr std::uint32_t kAlwaysTimedBytes = 64 * kKiB;
constexpr std::uint64_t kSampleEvery = 16;

// Whether to provide a second buffer, for a lane that reads the next block while it hashes one.
// Only with direct access and depth 1: a read from the page cache is a copy by the same processor,
// and gains nothing. Above a block size of 8 MiB a second buffer would use more memory than a user
// expects. make_lanes() uses the second buffer only if the engine has one thread.
bool wants_second_buffer(const Settings& settings) {
  constexpr std::uint32_t kMaxBytes = 8 * kMiB;
  return settings.direct() && settings.depth == 1 && settings.block_bytes <= kMaxBytes;
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

// With mapped files the threads have little to do but hash, so hashing is split between them. With
// other engines one thread hashes while another copies data from the page cache; splitting the
// hashing would only add work.
bool worth_splitting(const engine::Engine& engine, const RunContext& context) {
  return context.split_hash.value_or(engine.maps_files() && engine.config().threads > 1);
}

// Memory for the accumulators of the lanes; empty if hashing is not split.
Result<os::PageMemory> allocate_accumulators(bool split, std::uint32_t block_bytes,
                                             const hash::Hasher& hasher, unsigned lanes) {
  if (!split || !hasher.can_split(block_bytes)) return os::PageMemory();
  return os::PageMemory::allocate(lanes * hasher.accumulator_bytes(block_bytes));
}

}  // namespace

HashJob::HashJob(const engine::AttachedFile& file, const Settings& settings, unsigned lanes,
                 hash::Hasher& hasher, std::span<std::byte> accumulators)
    : file_(file),
      plan_(file.bytes, settings.block_bytes),
      sequencer_(lanes),
      alignment_(alignment_of(file, settings)),
      hasher_(hasher),
      sample_mask_(settings.block_bytes < kAlwaysTimedBytes ? kSampleEvery - 1 : 0),
      hashes_(settings.hash != HashAlgorithm::none),
      accumulators_(accumulators),
      accumulator_stride_(accumulators.size() / lanes) {}

void HashJob::prepare(const BlockTransfer& reading, unsigned lane_index) {
  if (!accumulates(reading)) return;
  const HashTimer timer(*this, reading.block().index);
  hasher_.accumulate(reading.data(), reading.block().bytes, accumulators(lane_index));
}

void HashJob::take_turn(const BlockTransfer& reading, unsigned lane_index) {
  const Turn turn(sequencer_, reading.block().index);
  if (ended_) return;
  if (!reading.whole()) {
    // A request that the program itself cancelled after Ctrl-C is not a failure.
    const bool cancelled = os::interrupted() && os::is_cancelled(reading.error());
    end_run(cancelled ? std::nullopt : std::optional(reading.failure(file_)));
    return;
  }
  hash(reading, lane_index);
  // A page that the mapping has lost reads as zeros. It may be lost while it is hashed, so this is
  // checked after the hashing.
  if (std::optional<Error> lost = reading.loss(file_)) {
    end_run(std::move(lost));
    return;
  }
  hashed_bytes_.store(hashed_bytes_.load(std::memory_order_relaxed) + reading.block().bytes,
                      std::memory_order_relaxed);
}

void HashJob::hash(const BlockTransfer& reading, unsigned lane_index) {
  const HashTimer timer(*this, reading.block().index);
  if (splits(reading.block())) {
    hasher_.absorb(reading.data(), reading.block().bytes, accumulators(lane_index));
  } else {
    hasher_.update(reading.data(), reading.block().bytes);
  }
}

HashJob::HashTimer::HashTimer(const HashJob& job, std::uint64_t block)
    : weight_(job.hashes_ && (block & job.sample_mask_) == 0 ? job.sample_mask_ + 1 : 0),
      begin_(weight_ != 0 ? os::now_ticks() : 0) {}

HashJob::HashTimer::~HashTimer() {
  if (weight_ == 0) return;
  current_worker().recorder.hashing_ticks += (os::now_ticks() - begin_) * weight_;
}

// Called at most once, because no block is hashed after it. Blocks take their turns in order, so
// the failure is the one with the lowest offset.
void HashJob::end_run(std::optional<Error> failure) {
  ended_ = true;
  plan_.stop();
  failure_ = std::move(failure);
}

Turn::~Turn() {
  if (Waiter* const next = sequencer_.end_turn(block_)) current_worker().turn_holders.push(*next);
}

// If the block before this one is being hashed, the lane polls for its turn before it suspends.
// Polling kSpins times takes some 3 us, about as long as hashing a small block. If it suspended,
// the thread that ends the turn before would continue it. The processor of that thread does not
// have the block in its cache, and this processor no longer has the buffer in its cache when it
// uses it again.
bool TurnWait::await_suspend(std::coroutine_handle<> awaiting) {
  constexpr unsigned kSpins = 200;
  coroutine = awaiting;
  const unsigned spins = is_next && current_worker().scheduler->may_spin() ? kSpins : 0;
  for (unsigned i = 0; i < spins && !sequencer->is_turn(block); ++i) os::cpu_relax();
  return !sequencer->arrive(block, *this);
}

RunOutcome hash_attached(engine::Engine& engine, const engine::AttachedFile& file,
                         const Settings& settings, const RunContext& context) {
  if (settings.direct()) {
    if (Status fits = check_direct(file, settings); !fits) return failed(fits.take_error());
  }
  RunOutcome outcome = outcome_at_start(engine, file, settings);
  const std::unique_ptr<hash::Hasher> hasher = hash::make_hasher(settings.hash);
  Result<os::PageMemory> accumulators = allocate_accumulators(
      worth_splitting(engine, context), settings.block_bytes, *hasher, outcome.lanes);
  if (!accumulators) return failed(accumulators.take_error());
  HashJob job(file, settings, outcome.lanes, *hasher, accumulators->span());
  stats::TracePass* const trace_pass =
      begin_trace(context.trace, settings, "hash", engine, file, outcome.lanes);
  LaneGroup group{.lanes = make_lanes(job, engine, outcome.lanes, trace_pass != nullptr),
                  .submit_each = settings.direct() && outcome.lanes > 1,
                  .trace_pass = trace_pass,
                  .calls = {}};
  group.calls.stop = [&] { job.stop(); };
  group.calls.report = [&] {
    if (context.progress) context.progress(job.hashed_bytes(), file.bytes);
  };
  Status ran = run_lanes(engine, settings, std::move(group), context.event, outcome);
  if (!ran) return failed(ran.take_error());
  outcome.done_bytes = job.hashed_bytes();
  outcome.failure = job.failure();
  complete_outcome(engine, file, *hasher, outcome);
  return outcome;
}

RunOutcome hash_file(const Settings& settings, const std::string& path, const RunContext& context) {
  const Result<std::uint64_t> bytes = size_of(path);
  if (!bytes) return failed(bytes.error());
  const unsigned lanes = lanes_for(*bytes, settings);
  const unsigned buffers = wants_second_buffer(settings) ? 2 : lanes;
  Result<OpenedFile> opened = open_file(settings, path, lanes, buffers, context.pools.front());
  if (!opened) return failed(opened.take_error());
  return hash_attached(*opened->engine, *opened->file, settings, context);
}

}  // namespace aiobench::run
