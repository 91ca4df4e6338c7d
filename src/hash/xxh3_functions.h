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

struct Xxh3Functions {
  const char* instructions;
  void (*reset)(void* state);
  void (*update64)(void* state, const void* data, std::size_t bytes);
  void (*update128)(void* state, const void* data, std::size_t bytes);
  std::uint64_t (*digest64)(const void* state);
  Digest128 (*digest128)(const void* state);
};

const Xxh3Functions& xxh3_base();
const Xxh3Functions& xxh3_avx2();
const Xxh3Functions& xxh3_avx512();

}  // namespace aiobench::hash
