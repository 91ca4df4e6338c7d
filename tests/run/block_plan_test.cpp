// Tests that lanes get every block of a file once, in order, and that the blocks handed out before
// a stop are 0 to n without a gap: after a gap, a lane would wait forever.
#include "run/block.h"

#include <doctest/doctest.h>

#include <algorithm>
#include <thread>
#include <vector>

namespace aiobench::run {
namespace {

TEST_CASE("the blocks cover the file, and the last one has the remaining bytes") {
  BlockPlan plan(10'000, 4'096);
  CHECK(plan.blocks() == 3);
  Block block;
  REQUIRE(plan.next(block));
  CHECK(block.offset == 0);
  CHECK(block.bytes == 4'096);
  REQUIRE(plan.next(block));
  REQUIRE(plan.next(block));
  CHECK(block.index == 2);
  CHECK(block.offset == 8'192);
  CHECK(block.bytes == 1'808);
  CHECK_FALSE(plan.next(block));
}

TEST_CASE("an empty file has no blocks; a multiple of the block size has no short block") {
  Block block;
  BlockPlan empty(0, 512);
  CHECK_FALSE(empty.next(block));
  BlockPlan whole(1'024, 512);
  CHECK(whole.blocks() == 2);
}

TEST_CASE("offsets above 4 GiB are correct") {
  BlockPlan plan((std::uint64_t{5} << 30) + 1, 1u << 30);
  Block block;
  for (int i = 0; i < 6; ++i) REQUIRE(plan.next(block));
  CHECK(block.offset == std::uint64_t{5} << 30);
  CHECK(block.bytes == 1);
}

// Two threads take blocks while another one stops the plan; repeated many times.
TEST_CASE("a stop leaves no gap in the blocks that were handed out") {
  for (int round = 0; round < 300; ++round) {
    BlockPlan plan(std::uint64_t{1} << 40, 512);
    std::vector<std::vector<std::uint64_t>> issued(2);
    const auto claim_all = [&](std::vector<std::uint64_t>& mine) {
      Block block;
      while (mine.size() < 20'000 && plan.next(block)) mine.push_back(block.index);
    };
    std::thread first([&] { claim_all(issued[0]); });
    std::thread second([&] { claim_all(issued[1]); });
    while (plan.issued() < static_cast<std::uint64_t>(round)) std::this_thread::yield();
    plan.stop();
    first.join();
    second.join();
    std::vector<std::uint64_t> all = issued[0];
    all.insert(all.end(), issued[1].begin(), issued[1].end());
    std::sort(all.begin(), all.end());
    // The blocks are sorted and unique, so the last one shows whether one is missing.
    REQUIRE(std::adjacent_find(all.begin(), all.end()) == all.end());
    if (!all.empty()) REQUIRE(all.back() == all.size() - 1);
  }
}

}  // namespace
}  // namespace aiobench::run
