// Keeps file order without a lock and without waking a thread. Blocks are read in any order; the
// lane of block i hashes only after the lane of block i-1 has passed the turn.
//
// The sequencer is a ring of slots, one per block of the window, each in its own cache line. A slot
// is empty, or holds the TOKEN (it is the turn of this block, and its lane has not arrived), or
// holds the waiting lane of the block. Lane and turn arrive in either order; the second of them
// finds the first one in the slot and continues. So exactly one thread continues the lane.
//
// The window: each lane holds one block, blocks are handed out in order, and a lane takes its next
// block only after it has passed its turn. The blocks that are handed out and whose turn is not
// over are therefore consecutive, and at most as many as there are lanes. A ring with at least that
// many slots never holds two blocks in one slot.
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

  // True: `block` has the turn, and the caller continues. False: `lane` waits, and the caller must
  // not touch it again; pass() returns it later, possibly in another thread, and possibly before
  // this call returns.
  bool enter(std::uint64_t block, Waiter& lane);

  // Whether `block`, which has not entered yet, has the turn.
  bool is_turn(std::uint64_t block) {
    return slot(block).value.load(std::memory_order_relaxed) == token();
  }

  // Ends the turn of `block`. Returns the lane of the next block if it waits: the caller must
  // resume it. Otherwise that lane will find the token.
  Waiter* pass(std::uint64_t block);

 private:
  struct alignas(64) Slot {
    std::atomic<Waiter*> value{nullptr};
  };

  Slot& slot(std::uint64_t block) { return slots_[block & mask_]; }
  // A marker that differs from the node of every lane.
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

// Both sides exchange, and both exchanges are sequentially consistent, so the second one sees what
// the first one stored. Then the slot is free for the block one window later.
inline bool Sequencer::enter(std::uint64_t block, Waiter& lane) {
  Slot& target = slot(block);
  Waiter* const found = target.value.exchange(&lane);
  if (found == nullptr) return false;
  AIOBENCH_CHECK(found == token());
  target.value.store(nullptr);
  return true;
}

inline Waiter* Sequencer::pass(std::uint64_t block) {
  Slot& target = slot(block + 1);
  Waiter* const found = target.value.exchange(token());
  if (found == nullptr) return nullptr;
  AIOBENCH_CHECK(found != token());
  target.value.store(nullptr);
  return found;
}

}  // namespace aiobench::run
