// Tests that the sequencer continues lanes in the order of their blocks, each exactly once, with
// one thread and with several.
#include "run/sequencer.h"

#include <doctest/doctest.h>

#include <atomic>
#include <thread>
#include <vector>

namespace aiobench::run {
namespace {

TEST_CASE("the first block has the turn, the next waits for it") {
  Sequencer sequencer(2);
  Waiter first;
  Waiter second;
  CHECK_FALSE(sequencer.arrive(1, second));
  CHECK(sequencer.arrive(0, first));
  CHECK(sequencer.end_turn(0) == &second);
  CHECK(sequencer.end_turn(1) == nullptr);
}

TEST_CASE("a turn that arrives before its lane is kept, over several rounds of the ring") {
  for (const unsigned lanes : {1u, 2u, 3u, 64u}) {
    Sequencer sequencer(lanes);
    Waiter waiter;
    for (std::uint64_t block = 0; block < 300; ++block) {
      CHECK(sequencer.arrive(block, waiter));
      CHECK(sequencer.end_turn(block) == nullptr);
    }
  }
}

TEST_CASE("a full ring of waiting lanes is continued in order") {
  constexpr unsigned kLanes = 8;
  Sequencer sequencer(kLanes);
  std::vector<Waiter> waiters(kLanes);
  for (unsigned i = kLanes - 1; i > 0; --i) CHECK_FALSE(sequencer.arrive(i, waiters[i]));
  CHECK(sequencer.arrive(0, waiters[0]));
  for (unsigned i = 0; i + 1 < kLanes; ++i) CHECK(sequencer.end_turn(i) == &waiters[i + 1]);
}

// Each thread takes every second block; a thread that finds the other lane waiting continues it.
TEST_CASE("with two threads every block has its turn once, in order") {
  constexpr std::uint64_t kBlocks = 200'000;
  Sequencer sequencer(2);
  std::vector<Waiter> waiters(2);
  std::atomic<std::uint64_t> next_claim{0};
  std::atomic<std::uint64_t> hashed{0};
  std::atomic<bool> in_order{true};
  const auto run_turns = [&](std::uint64_t block) {
    // Takes this turn, and all turns that follow in this thread.
    for (;;) {
      if (hashed.load(std::memory_order_relaxed) != block) in_order = false;
      hashed.store(block + 1, std::memory_order_relaxed);
      if (sequencer.end_turn(block) == nullptr) return;
      ++block;
    }
  };
  const auto work = [&] {
    for (;;) {
      const std::uint64_t block = next_claim.fetch_add(1);
      if (block >= kBlocks) return;
      // A lane holds one block at a time: wait until the lane of this block is free.
      while (hashed.load() + 2 <= block) std::this_thread::yield();
      if (sequencer.arrive(block, waiters[block % 2])) run_turns(block);
    }
  };
  std::thread other(work);
  work();
  other.join();
  CHECK(in_order);
  CHECK(hashed == kBlocks);
}

}  // namespace
}  // namespace aiobench::run
