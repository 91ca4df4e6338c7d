// Tests which requests a read run makes: sequential ones are consecutive and wrap around at the
// end, random ones follow from the seed alone and select every whole block with equal probability,
// and their number is the requested one. No request is handed out after a stop.
#include "run/read.h"

#include <doctest/doctest.h>

#include <algorithm>
#include <map>
#include <set>
#include <thread>
#include <vector>

namespace aiobench::run {
namespace {

constexpr std::uint64_t kTiB = std::uint64_t{1} << 40;

ReadSettings sequential(std::uint64_t bytes = 0) {
  return {.pattern = Pattern::sequential, .limit_bytes = bytes};
}

ReadSettings random(std::uint64_t seed, std::uint64_t bytes = 0) {
  return {.pattern = Pattern::random, .seed = seed, .limit_bytes = bytes};
}

std::vector<Block> next(ReadPlan& plan, std::size_t max = 1'000'000) {
  std::vector<Block> blocks;
  Block block;
  while (blocks.size() < max && plan.next(block)) blocks.push_back(block);
  return blocks;
}

std::vector<std::uint64_t> offsets(const ReadSettings& settings, std::uint64_t file_bytes,
                                   std::uint32_t block_bytes, std::size_t max = 1'000'000) {
  ReadPlan plan(settings, file_bytes, block_bytes);
  std::vector<std::uint64_t> all;
  for (const Block& block : next(plan, max)) all.push_back(block.offset);
  return all;
}

// The deviation of the counts from a uniform distribution, in units of what chance gives: about 1.
double unevenness(const std::vector<std::uint64_t>& counts, std::uint64_t all) {
  const double expected = static_cast<double>(all) / static_cast<double>(counts.size());
  double sum = 0;
  for (const std::uint64_t count : counts) {
    const double off = static_cast<double>(count) - expected;
    sum += off * off / expected;
  }
  return sum / static_cast<double>(counts.size() - 1);
}

TEST_CASE("sequential: the file once, with a shorter last block") {
  ReadPlan plan(sequential(), 10'000, 4'096);
  CHECK(plan.requests() == 3);
  const std::vector<Block> blocks = next(plan);
  REQUIRE(blocks.size() == 3);
  for (std::uint64_t i = 0; i < 3; ++i) {
    CHECK(blocks[i].index == i);
    CHECK(blocks[i].offset == i * 4'096);
    CHECK(blocks[i].bytes == (i < 2 ? 4'096 : 10'000 - 2 * 4'096));
  }
  Block block;
  CHECK_FALSE(plan.next(block));
}

TEST_CASE("sequential: more bytes than the file has wrap around") {
  ReadPlan plan(sequential(30'000), 10'000, 4'096);
  CHECK(plan.requests() == 8);  // 30,000 bytes in whole requests
  const std::vector<Block> blocks = next(plan);
  REQUIRE(blocks.size() == 8);
  for (std::uint64_t i = 0; i < 8; ++i) {
    CHECK(blocks[i].index == i);
    CHECK(blocks[i].offset == i % 3 * 4'096);
    CHECK(blocks[i].bytes == (i % 3 < 2 ? 4'096 : 1'808));
  }
}

TEST_CASE("bytes are rounded up to whole requests, to at least one") {
  for (const auto& [bytes, requests] : std::map<std::uint64_t, std::uint64_t>{
           {1, 1}, {511, 1}, {512, 1}, {513, 2}, {5'120, 10}, {5'121, 11}}) {
    CHECK(ReadPlan(sequential(bytes), 4'096, 512).requests() == requests);
    CHECK(ReadPlan(random(1, bytes), 4'096, 512).requests() == requests);
    CHECK(offsets(random(1, bytes), 4'096, 512).size() == requests);
  }
}

TEST_CASE("a plan with a duration is endless unless it has bytes too") {
  ReadSettings settings = sequential();
  settings.duration_seconds = 1;
  ReadPlan plan(settings, 1'024, 512);
  CHECK(plan.requests() == ReadPlan::kEndless);
  CHECK(next(plan, 100'000).size() == 100'000);
  settings.limit_bytes = 2'048;
  CHECK(ReadPlan(settings, 1'024, 512).requests() == 4);
}

TEST_CASE("an empty file has no requests, whatever the settings") {
  for (ReadSettings settings : {sequential(), sequential(10'000), random(1), random(1, 10'000)}) {
    for (const double duration : {0.0, 1.0}) {
      settings.duration_seconds = duration;
      ReadPlan plan(settings, 0, 4'096);
      Block block;
      CHECK(plan.requests() == 0);
      CHECK_FALSE(plan.next(block));
    }
  }
}

TEST_CASE("random: only whole blocks within the file") {
  constexpr std::uint64_t kFile = 100 * 4'096 + 1'234;
  ReadPlan plan(random(5), kFile, 4'096);
  CHECK(plan.requests() == 101);
  for (const Block& block : next(plan)) {
    CHECK(block.bytes == 4'096);
    CHECK(block.offset % 4'096 == 0);
    CHECK(block.offset + block.bytes <= kFile);
  }
  std::set<std::uint64_t> hit;
  for (const std::uint64_t offset : offsets(random(5, 10'000 * 4'096), kFile, 4'096)) {
    CHECK(offset < 100 * 4'096);
    hit.insert(offset);
  }
  CHECK(hit.size() == 100);  // the first and the last whole block among them
}

TEST_CASE("random: a file smaller than a block is read whole") {
  ReadPlan plan(random(3, 1'200), 300, 512);
  const std::vector<Block> blocks = next(plan);
  REQUIRE(blocks.size() == 3);
  for (const Block& block : blocks) {
    CHECK(block.offset == 0);
    CHECK(block.bytes == 300);
  }
}

TEST_CASE("random: the same seed gives the same offsets in any thread") {
  const ReadSettings settings = random(42, 20'000 * 512);
  const std::vector<std::uint64_t> expected = offsets(settings, kTiB, 512);
  CHECK(offsets(settings, kTiB, 512) == expected);
  for (const unsigned threads : {2u, 4u}) {
    ReadPlan plan(settings, kTiB, 512);
    std::vector<std::vector<Block>> issued(threads);
    std::vector<std::thread> scheduler;
    for (std::vector<Block>& mine : issued) scheduler.emplace_back([&] { mine = next(plan); });
    for (std::thread& thread : scheduler) thread.join();
    std::vector<std::uint64_t> all(expected.size(), UINT64_MAX);
    for (const std::vector<Block>& mine : issued) {
      for (const Block& block : mine) {
        REQUIRE(block.index < all.size());
        CHECK(all[block.index] == UINT64_MAX);  // no other thread has this ticket
        all[block.index] = block.offset;
      }
    }
    CHECK((all == expected));
  }
}

// Users choose consecutive seeds for runs that must differ: the blocks that the run before left in
// the page cache must not be read again.
TEST_CASE("random: different seeds share no more offsets than by chance") {
  constexpr std::size_t kRequests = 5'000;
  const std::vector<std::pair<std::uint64_t, std::uint64_t>> pairs = {
      {0, 1}, {1, 2}, {1, 3}, {7, 8}, {1, UINT64_MAX}, {42, std::uint64_t{1} << 63}};
  for (const auto& seeds : pairs) {
    const auto& [one, other] = seeds;
    CAPTURE(seeds.first);
    CAPTURE(seeds.second);
    const auto bytes = kRequests * 512;
    const std::vector<std::uint64_t> a = offsets(random(one, bytes), 100 * kTiB, 512);
    const std::vector<std::uint64_t> b = offsets(random(other, bytes), 100 * kTiB, 512);
    const std::set<std::uint64_t> first(a.begin(), a.end());
    const auto shared = std::count_if(b.begin(), b.end(),
                                      [&](std::uint64_t offset) { return first.count(offset); });
    CHECK(shared <= 2);
  }
}

TEST_CASE("random: all blocks are equally likely") {
  constexpr std::uint64_t kEach = 100;
  for (const std::uint64_t seed : {0u, 1u, 2u, 12345u}) {
    for (const std::uint64_t blocks : {2u, 3u, 10u, 1'000u, 1'024u}) {
      CAPTURE(seed);
      CAPTURE(blocks);
      std::vector<std::uint64_t> counts(blocks);
      for (const std::uint64_t offset :
           offsets(random(seed, blocks * kEach * 512), blocks * 512, 512)) {
        ++counts[offset / 512];
      }
      // With few blocks the deviation may be larger by chance.
      CHECK(unevenness(counts, blocks * kEach) < (blocks < 100 ? 5.0 : 1.25));
    }
  }
}

// A sequence may be uniform and still have a pattern: a step that repeats.
TEST_CASE("random: no step between consecutive offsets is more frequent than others") {
  const std::vector<std::uint64_t> all = offsets(random(1, 10'000 * 512), 1'024 * 512, 512);
  std::vector<std::uint64_t> counts(1'024);
  for (std::size_t i = 1; i < all.size(); ++i) {
    ++counts[(all[i] + 1'024 * 512 - all[i - 1]) / 512 % 1'024];
  }
  CHECK(unevenness(counts, all.size() - 1) < 1.25);
}

TEST_CASE("random: files of 2^32 blocks and more are covered from end to end") {
  constexpr std::uint64_t kMany = std::uint64_t{1} << 32;
  for (const std::uint64_t blocks : {kMany - 1, kMany, kMany + 1, 3 * kMany, 1'000 * kMany + 7}) {
    CAPTURE(blocks);
    constexpr std::size_t kParts = 16;
    std::vector<std::uint64_t> counts(kParts);
    std::set<std::uint64_t> hit;
    for (const std::uint64_t offset : offsets(random(1, 16'000 * 512), blocks * 512, 512)) {
      REQUIRE(offset % 512 == 0);
      REQUIRE(offset / 512 < blocks);
      hit.insert(offset);
      ++counts[static_cast<std::size_t>(static_cast<double>(offset / 512) /
                                        static_cast<double>(blocks) * kParts)];
    }
    CHECK(unevenness(counts, 16'000) < 3.0);
    CHECK(hit.size() > 15'900);
  }
}

TEST_CASE("sequential: offsets above 4 GiB, and tickets of more than 32 bits") {
  ReadSettings settings = sequential();
  ReadPlan plan(settings, (std::uint64_t{5} << 30) + 1, 1u << 30);
  const std::vector<Block> blocks = next(plan);
  REQUIRE(blocks.size() == 6);
  CHECK(blocks[5].offset == std::uint64_t{5} << 30);
  CHECK(blocks[5].bytes == 1);
  CHECK(ReadPlan(settings, 16 * kTiB, 512).requests() == std::uint64_t{1} << 35);
  CHECK(ReadPlan(sequential(UINT64_MAX), 4'096, 512).requests() == std::uint64_t{1} << 55);
}

TEST_CASE("after stop() no request follows, and the count is kept") {
  ReadSettings settings = sequential();
  settings.duration_seconds = 1;
  ReadPlan plan(settings, kTiB, 512);
  CHECK_FALSE(plan.stopped());
  CHECK(next(plan, 5).size() == 5);
  CHECK(plan.issued() == 5);
  plan.stop();
  plan.stop();
  CHECK(plan.stopped());
  Block block;
  for (int i = 0; i < 1000; ++i) CHECK_FALSE(plan.next(block));
  CHECK(plan.issued() >= 5);
  CHECK(plan.issued() < 2'000);
}

TEST_CASE("a concurrent stop leaves no gap in the tickets") {
  for (int round = 0; round < 100; ++round) {
    ReadSettings settings = random(1);
    settings.duration_seconds = 1;
    ReadPlan plan(settings, kTiB, 512);
    std::vector<std::vector<Block>> issued(2);
    std::thread first([&] { issued[0] = next(plan, 20'000); });
    std::thread second([&] { issued[1] = next(plan, 20'000); });
    while (plan.issued() < static_cast<std::uint64_t>(round)) std::this_thread::yield();
    plan.stop();
    first.join();
    second.join();
    std::set<std::uint64_t> tickets;
    for (const std::vector<Block>& mine : issued) {
      for (const Block& block : mine) CHECK(tickets.insert(block.index).second);
    }
    if (!tickets.empty()) CHECK(*tickets.rbegin() == tickets.size() - 1);
  }
}

}  // namespace
}  // namespace aiobench::run
