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
  CHECK_FALSE(sequencer.enter(1, second));
  CHECK(sequencer.enter(0, first));
  CHECK(sequencer.pass(0) == &second);
  CHECK(sequencer.pass(1) == nullptr);
}

TEST_CASE("a turn that arrives before its lane is kept, over several rounds of the ring") {
  for (const unsigned lanes : {1u, 2u, 3u, 64u}) {
    Sequencer sequencer(lanes);
    Waiter lane;
    for (std::uint64_t block = 0; block < 300; ++block) {
      CHECK(sequencer.enter(block, lane));
      CHECK(sequencer.pass(block) == nullptr);
    }
  }
}

TEST_CASE("a full window of waiting lanes is continued in order") {
  constexpr unsigned kLanes = 8;
  Sequencer sequencer(kLanes);
  std::vector<Waiter> lanes(kLanes);
  for (unsigned i = kLanes - 1; i > 0; --i) CHECK_FALSE(sequencer.enter(i, lanes[i]));
  CHECK(sequencer.enter(0, lanes[0]));
  for (unsigned i = 0; i + 1 < kLanes; ++i) CHECK(sequencer.pass(i) == &lanes[i + 1]);
}

// Each thread takes every second block; a thread that finds the other lane waiting continues it.
TEST_CASE("with two threads every block has its turn once, in order") {
  constexpr std::uint64_t kBlocks = 200'000;
  Sequencer sequencer(2);
  std::vector<Waiter> lanes(2);
  std::atomic<std::uint64_t> next_claim{0};
  std::atomic<std::uint64_t> hashed{0};
  std::atomic<bool> in_order{true};
  const auto run_turns = [&](std::uint64_t block) {
    // Takes this turn, and all turns that follow in this thread.
    for (;;) {
      if (hashed.load(std::memory_order_relaxed) != block) in_order = false;
      hashed.store(block + 1, std::memory_order_relaxed);
      if (sequencer.pass(block) == nullptr) return;
      ++block;
    }
  };
  const auto work = [&] {
    for (;;) {
      const std::uint64_t block = next_claim.fetch_add(1);
      if (block >= kBlocks) return;
      // A lane holds one block at a time: wait until the window has room for this one.
      while (hashed.load() + 2 <= block) std::this_thread::yield();
      if (sequencer.enter(block, lanes[block % 2])) run_turns(block);
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
