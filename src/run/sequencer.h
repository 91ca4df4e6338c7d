// Keeps file order without a lock and without waking anyone. Blocks are read in any order; the
// lane that holds block i may hash only after the lane of block i-1 has passed the turn on.
//
// The sequencer is a ring of slots, one a block in the window, each in a cache line of its own. A
// slot is empty, or holds the TOKEN (it is this block's turn, and nobody is there yet), or the
// parked lane of the block. Whoever comes second, the lane or the turn, finds the first one there
// and goes on; so exactly one of the two threads does.
//
// The window: each lane holds one block, blocks are claimed in order, and a lane claims the next
// one only after it passed its turn. So claimed blocks whose turn is not over are fewer than or
// equal to the lanes, and follow one another; a ring of at least that many slots never mixes two.
#pragma once

#include <atomic>
#include <bit>
#include <cstdint>
#include <memory>

#include "run/lane.h"

namespace aiobench::run {

class Sequencer {
 public:
  // `lanes` is the most lanes that take part. It is the turn of block 0.
  explicit Sequencer(unsigned lanes);

  // True: it is the turn of `block`, go on. False: `lane` is parked, and is no longer the
  // caller's; pass() hands it out, perhaps in another thread already.
  bool enter(std::uint64_t block, Waiter& lane);

  // Whether it is the turn of `block`, which has not entered yet.
  bool is_turn(std::uint64_t block) {
    return slot(block).value.load(std::memory_order_relaxed) == token();
  }

  // The turn of `block` is over. Returns the lane of the next block if it is parked: the caller
  // must resume it. Else the next lane will find the token.
  Waiter* pass(std::uint64_t block);

 private:
  struct alignas(64) Slot {
    std::atomic<Waiter*> value{nullptr};
  };

  Slot& slot(std::uint64_t block) { return slots_[block & mask_]; }
  // A marker that no lane's node can be.
  Waiter* token() { return &token_; }

  Waiter token_;
  std::uint64_t mask_;
  std::unique_ptr<Slot[]> slots_;
};

}  // namespace aiobench::run
