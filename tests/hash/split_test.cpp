// Proves that a hash whose blocks are accumulated separately, in any order, has the digest of
// xxHash's own functions, for both widths, every length of the last block and every instruction
// set.
#include <doctest/doctest.h>

#define XXH_INLINE_ALL
#include <fmt/core.h>
#include <xxhash.h>

#include <algorithm>
#include <array>
#include <random>
#include <vector>

#include "hash/hasher.h"
#include "hash/xxh3_functions.h"
#include "os/host.h"
#include "os/memory.h"
#include "support/temp_file.h"

namespace aiobench::hash {
namespace {

std::string expected_digest(Algorithm algorithm, const std::byte* data, std::size_t bytes) {
  if (algorithm == Algorithm::xxh3) return fmt::format("{:016x}", XXH3_64bits(data, bytes));
  const XXH128_hash_t hash = XXH3_128bits(data, bytes);
  return fmt::format("{:016x}{:016x}", hash.high64, hash.low64);
}

// Accumulates all blocks but the last one in a random order, then absorbs them in file order.
std::string split_digest(Algorithm algorithm, const std::vector<std::byte>& content,
                         std::size_t block, std::mt19937_64& dice) {
  const std::unique_ptr<Hasher> hasher = make_hasher(algorithm);
  REQUIRE(hasher->can_split(block));
  const std::size_t blocks = (content.size() - 1) / block;
  const std::size_t stride = hasher->accumulator_bytes(block);
  os::PageMemory accumulators =
      os::PageMemory::allocate(std::max<std::size_t>(blocks, 1) * stride).take();
  std::vector<std::size_t> order(blocks);
  for (std::size_t i = 0; i < blocks; ++i) order[i] = i;
  std::shuffle(order.begin(), order.end(), dice);
  for (const std::size_t i : order) {
    hasher->accumulate(content.data() + i * block, block, accumulators.data() + i * stride);
  }
  for (std::size_t i = 0; i < blocks; ++i) {
    hasher->absorb(content.data() + i * block, block, accumulators.data() + i * stride);
  }
  hasher->update(content.data() + blocks * block, content.size() - blocks * block);
  return hasher->digest();
}

TEST_CASE("a split hash has the same digest for every length of the last block") {
  std::mt19937_64 dice(5);
  for (const Algorithm algorithm : {Algorithm::xxh3, Algorithm::xxh128}) {
    for (const std::size_t block : {1024u, 4096u, 65536u}) {
      for (const std::size_t end :
           {1u,   2u,   63u,  64u,  65u,  127u,  191u,  192u,  193u,  240u,
            241u, 255u, 256u, 257u, 512u, 1023u, 1024u, 1025u, 4095u, 4096u}) {
        if (end > block) continue;
        const std::vector<std::byte> content = test::random_bytes(3 * block + end, end);
        CAPTURE(block);
        CAPTURE(end);
        CHECK(split_digest(algorithm, content, block, dice) ==
              expected_digest(algorithm, content.data(), content.size()));
      }
    }
  }
}

TEST_CASE("a file of one block is not split, and has the same digest") {
  std::mt19937_64 dice(6);
  for (const std::size_t bytes : {1u, 240u, 1024u}) {
    const std::vector<std::byte> content = test::random_bytes(bytes, bytes);
    CHECK(split_digest(Algorithm::xxh3, content, 1024, dice) ==
          expected_digest(Algorithm::xxh3, content.data(), bytes));
  }
}

TEST_CASE("can_split is false for other hashes and block sizes") {
  for (const Algorithm algorithm : {Algorithm::xxh32, Algorithm::xxh64, Algorithm::none}) {
    CHECK_FALSE(make_hasher(algorithm)->can_split(1024));
  }
  for (const std::size_t block : {512u, 1000u, 1023u, 1536u}) {
    CHECK_FALSE(make_hasher(Algorithm::xxh3)->can_split(block));
  }
}

TEST_CASE("every instruction set computes the same accumulators") {
  std::vector<const Xxh3Functions*> all = {&xxh3_base()};
#if defined(__x86_64__) || defined(_M_X64)
  if (os::cpu_has_avx2()) all.push_back(&xxh3_avx2());
  if (os::cpu_has_avx512()) all.push_back(&xxh3_avx512());
#endif
  constexpr std::size_t kBlocks = 9;
  const std::vector<std::byte> content = test::random_bytes(kBlocks * kXxh3BlockBytes + 1, 8);
  for (const Xxh3Functions* functions : all) {
    CAPTURE(functions->instructions);
    // Accumulators and data at unaligned addresses.
    std::vector<std::byte> accumulators(kBlocks * kXxh3AccumulatorBytes + 1);
    std::vector<std::byte> moved(content.size() + 3);
    std::copy(content.begin(), content.end(), moved.begin() + 3);
    const std::byte* const data = moved.data() + 3;
    functions->accumulate(data, kBlocks, accumulators.data() + 1);
    alignas(kXxh3StateAlignment) std::array<std::byte, kXxh3StateBytes> state;
    functions->reset(state.data());
    functions->absorb(state.data(), accumulators.data() + 1, kBlocks,
                      data + kBlocks * kXxh3BlockBytes - kXxh3AccumulatorBytes);
    functions->update64(state.data(), data + kBlocks * kXxh3BlockBytes, 1);
    CHECK(functions->digest64(state.data()) == XXH3_64bits(content.data(), content.size()));
  }
}

}  // namespace
}  // namespace aiobench::hash
