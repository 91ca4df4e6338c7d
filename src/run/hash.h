// Everything that the lanes of one hash run share: the plan, the order, the hasher, the first
// failure. And the lane itself, the straight line that every block walks:
//
//     claim the next block -> read -> my turn -> hash -> pass the turn -> again
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
  // `alignment` as for BlockTransfer. `file`, `hasher` and `accumulators` outlive the job.
  // `accumulators` is memory for each lane to sum its block up in before its turn, or empty: then
  // all is hashed in the turn.
  HashJob(const engine::AttachedFile& file, std::uint32_t block_bytes, std::uint32_t alignment,
          unsigned lanes, hash::Hasher& hasher, bool timed, std::span<std::byte> accumulators);

  // Any thread: no further block is begun. What is in flight is still waited for.
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
  // True once all blocks but one before this one have been hashed. Any thread; a guess.
  bool is_next(const Block& block) const {
    return hashed_bytes() + plan_.block_bytes() >= block.offset;
  }
  // Whether prepare() has anything to do.
  bool accumulates(const BlockTransfer& block) const {
    return splits(block.block()) && block.whole();
  }
  // Called before the turn of a block that was read: does what of the hashing needs no order.
  void prepare(const BlockTransfer& block, unsigned lane);
  // Called in the block's turn: whether take_turn() will hash it.
  bool will_hash(const BlockTransfer& block) const { return timed_ && !broken_ && block.whole(); }
  // Called in the block's turn: hashes it, or notes why not, and passes the turn.
  void take_turn(const BlockTransfer& block, unsigned lane);

 private:
  // Adds the time of its life to what this thread spent hashing, if the block is one to be timed.
  class HashTimer {
   public:
    HashTimer(const HashJob& job, std::uint64_t block);
    ~HashTimer();
    HashTimer(const HashTimer&) = delete;
    HashTimer& operator=(const HashTimer&) = delete;

   private:
    std::uint64_t weight_;  // of how many blocks it stands for; 0: not timed
    os::Ticks begin_;
  };

  void hash(const BlockTransfer& block, unsigned lane);
  // Whether a block is summed up before its turn: all but the last.
  bool splits(const Block& block) const {
    return !accumulators_.empty() && block.index + 1 < plan_.blocks();
  }
  std::byte* accumulators(unsigned lane) const {
    return accumulators_.data() + lane * sums_stride_;
  }
  void end_with(std::optional<Error> failure);

  const engine::AttachedFile& file_;
  BlockPlan plan_;
  Sequencer sequencer_;
  const std::uint32_t alignment_;
  hash::Hasher& hasher_;
  const std::uint64_t sample_mask_;  // of small blocks, one in 16 has its hashing timed
  const bool timed_;
  const std::span<std::byte> accumulators_;
  const std::size_t sums_stride_;
  // Only the lane whose turn it is touches these two.
  bool broken_ = false;  // a block before this one is missing: no digest can come of the rest
  std::optional<Error> failure_;
  std::atomic<std::uint64_t> hashed_bytes_{0};
};

// `traced`: it notes what it does in its worker's log (tracing.h).
Lane hash_lane(HashJob& job, LaneBuffer buffer, bool traced);

// A lane alone, with two buffers: it asks for the next block before it hashes this one, so that a
// single request is always in flight and the device never waits for the hash. For one
// thread, and no engine that has threads of its own.
Lane read_ahead_lane(HashJob& job, LaneBuffer buffer, LaneBuffer other, bool traced);

// What a lane awaits before it may hash `block`.
struct TurnWait : Waiter {
  Sequencer* sequencer = nullptr;
  std::uint64_t block = 0;
  bool is_next = false;  // the turn is that of the block before

  bool await_ready() const noexcept { return false; }
  bool await_suspend(std::coroutine_handle<> awaiting);
  void await_resume() const noexcept {}
};

static_assert(std::is_trivially_destructible_v<TurnWait>);

// The turn of one block, in the hands of the lane that hashes it. It is passed on at every exit:
// a turn that were kept would leave all other lanes waiting for ever.
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

// One run: one file, hashed once, through one engine. This is where engine, lanes, threads and
// clock come together, and where what is timed begins and ends: with the first lane's start and
// the last lane's end, with every thread, buffer and ring made before and undone after.

// Hashes `path`. `event` is what os::watch_interrupts() was given: an interrupt ends the
// run early. The calling thread waits, and reports progress.
RunOutcome hash_file(const RunSettings& settings, const std::string& path, BufferPool& pool,
                     os::WakeEvent& event, const Progress& progress);

// The same over an engine that the caller made for it, and a file that it attached to that
// engine: for tests. The engine's buffers are used.
RunOutcome hash_attached(engine::Engine& engine, const engine::AttachedFile& file,
                         const RunSettings& settings, os::WakeEvent& event,
                         const Progress& progress);

}  // namespace aiobench::run
