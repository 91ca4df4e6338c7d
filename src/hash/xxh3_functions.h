// XXH3 compiled for several instruction sets: sources compiled with different flags include the
// same xxHash header. xxHash's own dispatcher does the same on Linux, but its library is not
// available for the Windows build.
#pragma once

#include <cstddef>
#include <cstdint>

namespace aiobench::hash {

struct Digest128 {
  std::uint64_t high;
  std::uint64_t low;
};

// The size and alignment of the memory for a state.
inline constexpr std::size_t kXxh3StateBytes = 576;
inline constexpr std::size_t kXxh3StateAlignment = 64;

// XXH3 processes its input in blocks of 1 KiB. What a block adds to the accumulators does not
// depend on their value, so the accumulators of all blocks can be computed in any order and by any
// thread. Only the scrambling between two blocks must happen in order, 64 bytes of work per KiB.
// Source: the xxHash specification, "XXH3 Algorithm Overview", long inputs.
inline constexpr std::size_t kXxh3BlockBytes = 1024;
inline constexpr std::size_t kXxh3AccumulatorBytes = 64;  // of one block; also their alignment

struct Xxh3Functions {
  const char* instructions;
  void (*reset)(void* state);
  void (*update64)(void* state, const void* data, std::size_t bytes);
  void (*update128)(void* state, const void* data, std::size_t bytes);
  std::uint64_t (*digest64)(const void* state);
  Digest128 (*digest128)(const void* state);
  // Computes the accumulators of `blocks` blocks at `data`. Any thread.
  void (*accumulate)(const void* data, std::size_t blocks, std::byte* accumulators);
  // Has the same effect as an update with these blocks; `last_stripe` is their end (64 bytes). Only
  // for a state that has received nothing but whole blocks, and that will receive more data.
  void (*absorb)(void* state, const std::byte* accumulators, std::size_t blocks,
                 const void* last_stripe);
};

const Xxh3Functions& xxh3_base();
const Xxh3Functions& xxh3_avx2();
const Xxh3Functions& xxh3_avx512();

// The fastest functions that this processor supports.
const Xxh3Functions& best_xxh3();

}  // namespace aiobench::hash
