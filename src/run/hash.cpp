#include "run/hash.h"

#include "base/units.h"
#include "run/scheduler.h"
#include "os/interrupt.h"
#include "os/system_error.h"
#include "os/thread.h"

namespace aiobench::pipeline {
namespace {

// The two readings of the clock around the hashing of a block cost 20 ns: nothing beside a large
// block, 5 % beside one of 4 KiB, of which therefore one in 16 stands for the others.
constexpr std::uint32_t kAlwaysTimedBytes = 64 * kKiB;
constexpr std::uint64_t kSampleEvery = 16;

}  // namespace

HashJob::HashJob(const engine::AttachedFile& file, std::uint32_t block_bytes,
                 std::uint32_t alignment, unsigned lanes, hash::Hasher& hasher, bool timed,
                 std::span<std::byte> sums)
    : file_(file),
      plan_(file.bytes, block_bytes),
      turnstile_(lanes),
      alignment_(alignment),
      hasher_(hasher),
      sample_mask_(block_bytes < kAlwaysTimedBytes ? kSampleEvery - 1 : 0),
      timed_(timed),
      sums_(sums),
      sums_stride_(sums.size() / lanes) {}

void HashJob::prepare(const BlockTransfer& block, unsigned lane) {
  if (!sums_up(block)) return;
  const HashTimer timer(*this, block.block().index);
  hasher_.sum(block.data(), block.block().bytes, sums(lane));
}

void HashJob::take_turn(const BlockTransfer& block, unsigned lane) {
  const Turn turn(turnstile_, block.block().index);
  if (broken_) return;
  if (!block.whole()) {
    // Cancelled by the program itself, after Ctrl-C: that is told elsewhere.
    const bool cancelled = platform::interrupted() && platform::is_cancelled(block.error());
    end_with(cancelled ? std::nullopt : std::optional(block.failure(file_)));
    return;
  }
  hash(block, lane);
  // Asked after hashing: what a mapping loses before that has gone into the hash as zeros.
  if (std::optional<Error> lost = block.loss(file_)) {
    end_with(std::move(lost));
    return;
  }
  hashed_bytes_.store(hashed_bytes_.load(std::memory_order_relaxed) + block.block().bytes,
                      std::memory_order_relaxed);
}

void HashJob::hash(const BlockTransfer& block, unsigned lane) {
  const HashTimer timer(*this, block.block().index);
  if (splits(block.block())) {
    hasher_.absorb(block.data(), block.block().bytes, sums(lane));
  } else {
    hasher_.update(block.data(), block.block().bytes);
  }
}

HashJob::HashTimer::HashTimer(const HashJob& job, std::uint64_t block)
    : weight_(job.timed_ && (block & job.sample_mask_) == 0 ? job.sample_mask_ + 1 : 0),
      begin_(weight_ != 0 ? platform::now_ticks() : 0) {}

HashJob::HashTimer::~HashTimer() {
  if (weight_ == 0) return;
  current_worker().recorder.hashing_ticks += (platform::now_ticks() - begin_) * weight_;
}

// Blocks take their turns in order, so the first failure noted is the one with the lowest offset.
void HashJob::end_with(std::optional<Error> failure) {
  broken_ = true;
  plan_.stop();
  failure_ = std::move(failure);
}

Turn::~Turn() {
  if (Parked* const next = turnstile_.pass(block_)) current_worker().turn.push(*next);
}

// A lane whose predecessor is being hashed looks for its turn for about as long as that takes
// (some 3 us) before it parks. Parked, it would be hashed by the other thread, out of this
// processor's cache, and its buffer would come back cold.
bool TurnWait::await_suspend(std::coroutine_handle<> awaiting) {
  constexpr unsigned kSpins = 200;
  lane = awaiting;
  const unsigned spins = is_next && current_worker().crew->may_spin() ? kSpins : 0;
  for (unsigned i = 0; i < spins && !turnstile->is_turn(block); ++i) platform::cpu_relax();
  return !turnstile->enter(block, *this);
}

}  // namespace aiobench::pipeline
