// Proves that XXH3, compiled for each instruction set of this processor, gives the digests of
// xxHash's one-shot functions for all pieces and addresses.
#include "hash/xxh3_functions.h"

#include <doctest/doctest.h>

#define XXH_INLINE_ALL
#include <xxhash.h>

#include <array>
#include <cstring>
#include <random>
#include <set>
#include <string>
#include <vector>

#include "os/host.h"
#include "support/temp_file.h"

namespace aiobench::hash {
namespace {

std::vector<const Xxh3Functions*> usable() {
  std::vector<const Xxh3Functions*> all = {&xxh3_base()};
#if defined(__x86_64__) || defined(_M_X64)
  if (os::cpu_has_avx2()) all.push_back(&xxh3_avx2());
  if (os::cpu_has_avx512()) all.push_back(&xxh3_avx512());
#endif
  return all;
}

// Memory for a state, filled with garbage: reset() must initialise it.
class State {
 public:
  explicit State(const Xxh3Functions& functions) {
    memory_.fill(std::byte{0xa5});
    functions.reset(memory_.data());
  }
  void* data() { return memory_.data(); }

 private:
  alignas(kXxh3StateAlignment) std::array<std::byte, kXxh3StateBytes> memory_;
};

// Both digests of `bytes` bytes, in pieces of up to `longest`.
void check_pieces(const Xxh3Functions& functions, const std::byte* data, std::size_t bytes,
                  std::size_t longest, std::mt19937_64& random) {
  State narrow(functions);
  State wide(functions);
  for (std::size_t at = 0; at < bytes;) {
    const std::size_t piece = std::min<std::size_t>(random() % (longest + 1), bytes - at);
    functions.update64(narrow.data(), data + at, piece);
    functions.update128(wide.data(), data + at, piece);
    at += piece;
  }
  CAPTURE(functions.instructions);
  CAPTURE(bytes);
  CAPTURE(longest);
  REQUIRE(functions.digest64(narrow.data()) == XXH3_64bits(data, bytes));
  const XXH128_hash_t expected = XXH3_128bits(data, bytes);
  const Digest128 digest = functions.digest128(wide.data());
  REQUIRE(digest.high == expected.high64);
  REQUIRE(digest.low == expected.low64);
}

TEST_CASE("each instruction set has its own name") {
  std::set<std::string> names;
  for (const Xxh3Functions* functions : usable()) names.insert(functions->instructions);
  CHECK(names.size() == usable().size());
  CHECK(names.count("base") == 1);
}

TEST_CASE("each instruction set: all lengths to 2,100 in one piece") {
  const std::vector<std::byte> data = test::random_bytes(2100, 1);
  for (const Xxh3Functions* functions : usable()) {
    for (std::size_t bytes = 0; bytes <= 2100; ++bytes) {
      State state(*functions);
      functions->update64(state.data(), data.data(), bytes);
      CAPTURE(functions->instructions);
      CAPTURE(bytes);
      REQUIRE(functions->digest64(state.data()) == XXH3_64bits(data.data(), bytes));
      functions->reset(state.data());
      functions->update128(state.data(), data.data(), bytes);
      const Digest128 digest = functions->digest128(state.data());
      const XXH128_hash_t expected = XXH3_128bits(data.data(), bytes);
      REQUIRE(digest.high == expected.high64);
      REQUIRE(digest.low == expected.low64);
    }
  }
}

TEST_CASE("each instruction set: random lengths, pieces and addresses") {
  constexpr std::size_t kMax = 1 << 20;
  const std::vector<std::byte> data = test::random_bytes(kMax + 64, 2);
  for (const Xxh3Functions* functions : usable()) {
    std::mt19937_64 random(3);
    for (int round = 0; round < 150; ++round) {
      const std::size_t bytes = random() % (std::size_t{1} << (random() % 20 + 1));
      const std::size_t longest = std::size_t{1} << (random() % 21);
      check_pieces(*functions, data.data() + random() % 64, bytes, longest, random);
    }
  }
}

TEST_CASE("each instruction set: reset makes a used state new") {
  const std::vector<std::byte> data = test::random_bytes(5000, 4);
  for (const Xxh3Functions* functions : usable()) {
    CAPTURE(functions->instructions);
    State state(*functions);
    functions->update64(state.data(), data.data(), 3333);
    functions->reset(state.data());
    CHECK(functions->digest64(state.data()) == XXH3_64bits(data.data(), 0));
    functions->update64(state.data(), data.data(), 5000);
    CHECK(functions->digest64(state.data()) == XXH3_64bits(data.data(), 5000));
  }
}

}  // namespace
}  // namespace aiobench::hash
