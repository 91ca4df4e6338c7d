// The functions of xxh3_functions.h over the xxHash header, as compiled in the source that
// includes this. Everything here is static: two sources compiled with different flags must not
// share a function.
#pragma once

#define XXH_INLINE_ALL
#include <xxhash.h>

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

// xxHash keeps the seed in the state and asks for it to be cleared before the first reset.
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

constexpr Xxh3Functions functions(const char* instructions) {
  return {instructions, reset, update64, update128, digest64, digest128};
}

}  // namespace
}  // namespace aiobench::hash
