// The functions of xxh3_functions.h, compiled with the flags of the including source. Everything
// here has internal linkage: two sources compiled with different flags must not share a function.
#pragma once

#define XXH_INLINE_ALL
#include <xxhash.h>

#include <cstring>

#include "hash/xxh3_functions.h"

namespace aiobench::hash {
namespace {

static_assert(sizeof(XXH3_state_t) == kXxh3StateBytes);
static_assert(alignof(XXH3_state_t) == kXxh3StateAlignment);

XXH3_state_t* state_of(void* memory) {
  return static_cast<XXH3_state_t*>(memory);
}
const XXH3_state_t* state_of(const void* memory) {
  return static_cast<const XXH3_state_t*>(memory);
}

// The state contains the seed and must be initialised before the first reset.
void reset(void* memory) {
  XXH3_INITSTATE(state_of(memory));
  XXH3_64bits_reset(state_of(memory));
}

void update64(void* memory, const void* data, std::size_t bytes) {
  XXH3_64bits_update(state_of(memory), data, bytes);
}

void update128(void* memory, const void* data, std::size_t bytes) {
  XXH3_128bits_update(state_of(memory), data, bytes);
}

std::uint64_t digest64(const void* memory) {
  return XXH3_64bits_digest(state_of(memory));
}

Digest128 digest128(const void* memory) {
  const XXH128_hash_t hash = XXH3_128bits_digest(state_of(memory));
  return {hash.high64, hash.low64};
}

// The functions below use internal functions of xxHash, unchanged since 0.8.0: it has no public
// ones for a part of a hash.
constexpr std::size_t kStripes = kXxh3BlockBytes / XXH_STRIPE_LEN;
constexpr std::size_t kScrambleSecret = XXH3_SECRET_DEFAULT_SIZE - XXH_STRIPE_LEN;
static_assert(kStripes * XXH_SECRET_CONSUME_RATE + XXH_STRIPE_LEN == XXH3_SECRET_DEFAULT_SIZE);
static_assert(XXH_ACC_NB * sizeof(XXH64_hash_t) == kXxh3AccumulatorBytes);

// Farther ahead than xxHash prefetches. The data comes from memory, where this makes two threads 4
// % faster.
constexpr std::size_t kPrefetchBytes = 2048;

void accumulate(const void* data, std::size_t blocks, std::byte* accumulators) {
  const auto* input = static_cast<const xxh_u8*>(data);
  for (std::size_t block = 0; block < blocks; ++block) {
    alignas(kXxh3StateAlignment) xxh_u64 acc[XXH_ACC_NB] = {};
    for (std::size_t stripe = 0; stripe < kStripes; ++stripe) {
      XXH_PREFETCH(input + kPrefetchBytes);
      XXH3_accumulate_512(acc, input, XXH3_kSecret + stripe * XXH_SECRET_CONSUME_RATE);
      input += XXH_STRIPE_LEN;
    }
    std::memcpy(accumulators, acc, kXxh3AccumulatorBytes);
    accumulators += kXxh3AccumulatorBytes;
  }
}

void absorb(void* memory, const std::byte* accumulators, std::size_t blocks,
            const void* last_stripe) {
  XXH3_state_t& state = *state_of(memory);
  alignas(kXxh3StateAlignment) xxh_u64 acc[XXH_ACC_NB];
  std::memcpy(acc, state.acc, kXxh3AccumulatorBytes);
  for (std::size_t block = 0; block < blocks; ++block) {
    alignas(kXxh3StateAlignment) xxh_u64 add[XXH_ACC_NB];
    std::memcpy(add, accumulators + block * kXxh3AccumulatorBytes, kXxh3AccumulatorBytes);
    for (std::size_t i = 0; i < XXH_ACC_NB; ++i) acc[i] += add[i];
    XXH3_scrambleAcc(acc, XXH3_kSecret + kScrambleSecret);
  }
  std::memcpy(state.acc, acc, kXxh3AccumulatorBytes);
  state.totalLen += blocks * kXxh3BlockBytes;
  // The digest of a final part shorter than a stripe also uses the bytes before it.
  std::memcpy(state.buffer + sizeof(state.buffer) - XXH_STRIPE_LEN, last_stripe, XXH_STRIPE_LEN);
}

constexpr Xxh3Functions functions(const char* instructions) {
  return {instructions, reset, update64, update128, digest64, digest128, accumulate, absorb};
}

}  // namespace
}  // namespace aiobench::hash
