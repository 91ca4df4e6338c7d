// One hash run: one file, read once through one engine, and hashed in file order. HashJob is what
// the lanes of the run share: the plan, the sequencer, the hasher and the first failure. lanes.cpp
// contains the lanes.
#pragma once

#include <atomic>
#include <cstdint>
#include <mutex>
#include <optional>
#include <span>
#include <string>

#include "base/error.h"
#include "engine/engine.h"
#include "hash/hasher.h"
#include "run/block.h"
#include "run/lane.h"
#include "run/run.h"
#include "run/scheduler.h"
#include "run/sequencer.h"

namespace aiobench::run {

class HashJob {
 public:
  // `file`, `hasher` and `accumulators` outlive the job. `accumulators`: memory in which each lane
  // accumulates its block before its turn. If it is empty, each block is hashed entirely
  // during its turn.
  HashJob(const engine::AttachedFile& file, const Settings& settings, unsigned lanes,
          hash::Hasher& hasher, std::span<std::byte> accumulators);

  // Begins no further block; requests in flight are still awaited. Any thread.
  void stop() { plan_.stop(); }
  // Bytes hashed so far, in file order. Any thread.
  std::uint64_t hashed_bytes() const { return hashed_bytes_.load(std::memory_order_relaxed); }

  // After the run: the failure with the lowest offset.
  const std::optional<Error>& failure() const { return failure_; }

  // For the lanes.
  const engine::AttachedFile& file() const { return file_; }
  BlockPlan& plan() { return plan_; }
  Sequencer& sequencer() { return sequencer_; }
  std::uint32_t alignment() const { return alignment_; }
  // Whether the turn of the block before `block` has begun or is over. An estimate. Any thread.
  bool is_next(const Block& block) const {
    return hashed_bytes() + plan_.block_bytes() >= block.offset;
  }
  // Whether prepare() accumulates the block. Otherwise it does nothing.
  bool accumulates(const BlockTransfer& reading) const {
    return splits(reading.block()) && reading.whole();
  }
  // Before the turn of a block that was read: computes its accumulators, the part of the hashing
  // that needs no order (hash::Hasher).
  void prepare(const BlockTransfer& reading, unsigned lane_index);
  // During the turn of the block: whether take_turn() will hash it.
  bool will_hash(const BlockTransfer& reading) const {
    return hashes_ && !ended_ && reading.whole();
  }
  // During the turn of the block: hashes it, or notes why it was not read. Then ends the turn.
  void take_turn(const BlockTransfer& reading, unsigned lane_index);

 private:
  // Adds its lifetime to the hashing time of this thread, if the block is one of those that are
  // timed.
  class HashTimer {
   public:
    HashTimer(const HashJob& job, std::uint64_t block);
    ~HashTimer();
    HashTimer(const HashTimer&) = delete;
    HashTimer& operator=(const HashTimer&) = delete;

   private:
    std::uint64_t weight_;  // the time counts this many times; 0: not timed
    os::Ticks begin_;
  };

  void hash(const BlockTransfer& reading, unsigned lane_index);
  // Whether the hashing of a block is split: its accumulators are computed before its turn. Not for
  // the last block.
  bool splits(const Block& block) const {
    return !accumulators_.empty() && block.index + 1 < plan_.blocks();
  }
  std::byte* accumulators(unsigned lane_index) const {
    return accumulators_.data() + lane_index * accumulator_stride_;
  }
  void end_run(std::optional<Error> failure);

  const engine::AttachedFile& file_;
  BlockPlan plan_;
  Sequencer sequencer_;
  const std::uint32_t alignment_;
  hash::Hasher& hasher_;
  const std::uint64_t sample_mask_;  // a block is timed if its index has none of these bits
  const bool hashes_;                // false with --hash none: then no hashing time is recorded
  const std::span<std::byte> accumulators_;
  const std::size_t accumulator_stride_;
  // Accessed only by the lane that has the turn.
  bool ended_ = false;  // an earlier block was not hashed: no later one is, and there is no digest
  std::optional<Error> failure_;
  std::atomic<std::uint64_t> hashed_bytes_{0};
};

// `traced`: the lane records its events in the log of its worker (tracing.h).
Lane hash_lane(HashJob& job, LaneBuffer buffer, bool traced);

// A single lane with two buffers. It requests the next block before it hashes this one, so that the
// device does not wait for the hash. One request is in flight at a time. Only for runs with one
// worker, and not for an engine that has its own threads.
Lane read_ahead_lane(HashJob& job, LaneBuffer buffer, LaneBuffer other, bool traced);

// The awaiter of a turn: the lane continues when `block` has the turn.
struct TurnWait : Waiter {
  Sequencer* sequencer = nullptr;
  std::uint64_t block = 0;
  bool is_next = false;  // HashJob::is_next(); true: the lane polls before it suspends

  bool await_ready() const noexcept { return false; }
  bool await_suspend(std::coroutine_handle<> awaiting);
  void await_resume() const noexcept {}
};

static_assert(std::is_trivially_destructible_v<TurnWait>);

// The turn of one block, owned by the lane that hashes it. The destructor ends it, and queues the
// lane of the next block if that lane waits. So the turn ends on every path; otherwise all other
// lanes would wait forever.
class Turn {
 public:
  Turn(Sequencer& sequencer, std::uint64_t block) : sequencer_(sequencer), block_(block) {}
  ~Turn();
  Turn(const Turn&) = delete;
  Turn& operator=(const Turn&) = delete;

 private:
  Sequencer& sequencer_;
  std::uint64_t block_;
};

// Hashes `path` once. The timed region begins when the first lane starts and ends when the last
// lane ends; threads, buffers and rings are made before it and destroyed after it. Blocks the
// calling thread.
RunOutcome hash_file(const Settings& settings, const std::string& path, const RunContext& context);

// The same with an engine that the caller made, and a file attached to it: for tests. Uses the
// buffers of the engine.
RunOutcome hash_attached(engine::Engine& engine, const engine::AttachedFile& file,
                         const Settings& settings, const RunContext& context);

}  // namespace aiobench::run
