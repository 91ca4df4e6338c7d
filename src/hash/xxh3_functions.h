// XXH3 compiled for one instruction set: the same xxHash header, included by several sources
// that are compiled with different flags. xxHash's own dispatcher does the same on Linux, but its
// library is not there for the Windows build.
#pragma once

#include <cstddef>
#include <cstdint>

namespace aiobench::hash {

struct Digest128 {
  std::uint64_t high;
  std::uint64_t low;
};

// `state` points to kXxh3StateBytes bytes, aligned to kXxh3StateAlignment.
inline constexpr std::size_t kXxh3StateBytes = 576;
inline constexpr std::size_t kXxh3StateAlignment = 64;

// XXH3 takes its input in blocks of 1 KiB. What a block adds to the accumulators does not depend on
// them: all blocks' accumulators can be had at once, by any thread. Only the scrambling between two
// blocks has to happen in order, and that is 64 bytes of work a KiB. Source: the xxHash
// specification, "XXH3 Algorithm ReportModel", long inputs.
inline constexpr std::size_t kXxh3BlockBytes = 1024;
inline constexpr std::size_t kXxh3AccumulatorBytes = 64;  // of one such block; aligned to as many

struct Xxh3Functions {
  const char* instructions;
  void (*reset)(void* state);
  void (*update64)(void* state, const void* data, std::size_t bytes);
  void (*update128)(void* state, const void* data, std::size_t bytes);
  std::uint64_t (*digest64)(const void* state);
  Digest128 (*digest128)(const void* state);
  // The accumulators of `blocks` blocks at `data`. Any thread.
  void (*accumulate)(const void* data, std::size_t blocks, std::byte* accumulators);
  // The same as an update with those blocks, of which `last_stripe` is the end (64 bytes), for a
  // state that has been given nothing but whole blocks, and will be given more.
  void (*absorb)(void* state, const std::byte* accumulators, std::size_t blocks,
                 const void* last_stripe);
};

const Xxh3Functions& xxh3_base();
const Xxh3Functions& xxh3_avx2();
const Xxh3Functions& xxh3_avx512();

// The fastest XXH3 that this processor can run.

const Xxh3Functions& best_xxh3();

}  // namespace aiobench::hash
