// Keeps file order without a lock. Blocks are read in any order; the lane of block i hashes only
// after the turn of block i-1 has ended.
//
// The sequencer is a ring of slots, each in its own cache line. Block i uses slot i modulo the size
// of the ring. A slot is empty, or holds the token (the block has the turn, and its lane has not
// arrived), or holds the lane of the block (it has arrived, and waits for the turn). Lane and turn
// arrive in either order. The second of the two finds the first in the slot, and its thread
// continues the lane. So exactly one thread continues the lane.
//
// The size of the ring: each lane holds one block, blocks are handed out in order, and a lane takes
// its next block only after the turn of its last one. The blocks that are handed out and whose turn
// is not over are therefore consecutive, and at most as many as there are lanes. So a ring with one
// slot per lane never holds two blocks in one slot. The number of slots is rounded up to a power of
// two.
#pragma once

#include <atomic>
#include <bit>
#include <cstdint>
#include <memory>

#include "run/lane.h"

namespace aiobench::run {

class Sequencer {
 public:
  // `lanes`: the number of lanes, at most. Block 0 has the turn.
  explicit Sequencer(unsigned lanes);

  // The lane of `block` arrives. True: the block has the turn, and the caller continues. False:
  // `waiter` waits, and the caller must not touch it again. end_turn() returns it later, possibly
  // in another thread, and possibly before this call returns.
  bool arrive(std::uint64_t block, Waiter& waiter);

  // Whether `block` has the turn. Only for the lane of `block`, before it calls arrive(). Does not
  // take the turn.
  bool is_turn(std::uint64_t block) {
    return slot(block).value.load(std::memory_order_relaxed) == token();
  }

  // Ends the turn of `block`; the next block has the turn. If the lane of that block waits, returns
  // it, and the caller must resume it. Otherwise returns nullptr, and that lane finds the token
  // when it arrives.
  Waiter* end_turn(std::uint64_t block);

 private:
  struct alignas(64) Slot {
    std::atomic<Waiter*> value{nullptr};
  };

  Slot& slot(std::uint64_t block) { return slots_[block & mask_]; }
  // A marker: its address differs from that of every waiter.
  Waiter* token() { return &token_; }

  Waiter token_;
  std::uint64_t mask_;
  std::unique_ptr<Slot[]> slots_;
};

inline Sequencer::Sequencer(unsigned lanes)
    : mask_(std::bit_ceil(std::uint64_t{lanes}) - 1),
      slots_(std::make_unique<Slot[]>(static_cast<std::size_t>(mask_ + 1))) {
  slot(0).value = token();
}

// arrive() and end_turn() both exchange the value of the slot, and both exchanges are sequentially
// consistent, so the second one finds what the first one stored. Then the slot is empty again, for
// the block that uses it next.
inline bool Sequencer::arrive(std::uint64_t block, Waiter& waiter) {
  Slot& target = slot(block);
  Waiter* const found = target.value.exchange(&waiter);
  if (found == nullptr) return false;
  AIOBENCH_CHECK(found == token());
  target.value.store(nullptr);
  return true;
}

inline Waiter* Sequencer::end_turn(std::uint64_t block) {
  Slot& target = slot(block + 1);
  Waiter* const found = target.value.exchange(token());
  if (found == nullptr) return nullptr;
  AIOBENCH_CHECK(found != token());
  target.value.store(nullptr);
  return found;
}

}  // namespace aiobench::run
