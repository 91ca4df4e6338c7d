// Proves that digests equal the published ones of xxHash, however the data is divided into pieces.
#include "hash/hasher.h"

#include <doctest/doctest.h>

#define XXH_INLINE_ALL
#include <fmt/core.h>
#include <xxhash.h>

#include <array>
#include <random>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "os/host.h"
#include "support/temp_file.h"

namespace aiobench::hash {
namespace {

constexpr std::array<Algorithm, 5> kAll = {Algorithm::none, Algorithm::xxh32, Algorithm::xxh64,
                                           Algorithm::xxh3, Algorithm::xxh128};

std::string digest_of(Algorithm algorithm, std::string_view text) {
  const auto hasher = make_hasher(algorithm);
  hasher->update(reinterpret_cast<const std::byte*>(text.data()), text.size());
  return hasher->digest();
}

// The digest by xxHash's one-shot functions.
std::string one_shot(Algorithm algorithm, const std::byte* data, std::size_t bytes) {
  switch (algorithm) {
    case Algorithm::none:
      return {};
    case Algorithm::xxh32:
      return fmt::format("{:08x}", XXH32(data, bytes, 0));
    case Algorithm::xxh64:
      return fmt::format("{:016x}", XXH64(data, bytes, 0));
    case Algorithm::xxh3:
      return fmt::format("{:016x}", XXH3_64bits(data, bytes));
    case Algorithm::xxh128:
      break;
  }
  const XXH128_hash_t hash = XXH3_128bits(data, bytes);
  return fmt::format("{:016x}{:016x}", hash.high64, hash.low64);
}

// Every small length, and those around the sizes that xxHash processes at once: 32, 64, 240, 256,
// 1024.
std::vector<std::size_t> lengths() {
  std::vector<std::size_t> all;
  for (std::size_t length = 0; length <= 300; ++length) all.push_back(length);
  for (const std::size_t border : {512u, 1024u, 2048u, 4096u, 65536u, 100'000u, 1u << 20}) {
    for (const std::size_t length : {border - 1, border, border + 1}) all.push_back(length);
  }
  return all;
}

TEST_CASE("the digests of short texts are the published ones") {
  struct Known {
    Algorithm algorithm;
    std::array<const char*, 3> digests;  // of "", "a", "abc"
  };
  const std::array<Known, 5> known = {{
      {Algorithm::xxh32, {"02cc5d05", "550d7456", "32d153ff"}},
      {Algorithm::xxh64, {"ef46db3751d8e999", "d24ec4f1a98c6e5b", "44bc2cf5ad770999"}},
      {Algorithm::xxh3, {"2d06800538d394c2", "e6c632b61e964e1f", "78af5f94892f3950"}},
      {Algorithm::xxh128,
       {"99aa06d3014798d86001c324468d497f", "a96faf705af16834e6c632b61e964e1f",
        "06b05ab6733a618578af5f94892f3950"}},
      {Algorithm::none, {"", "", ""}},
  }};
  for (const Known& row : known) {
    CAPTURE(name(row.algorithm));
    CHECK(digest_of(row.algorithm, "") == row.digests[0]);
    CHECK(digest_of(row.algorithm, "a") == row.digests[1]);
    CHECK(digest_of(row.algorithm, "abc") == row.digests[2]);
    CHECK(make_hasher(row.algorithm)->digest() == row.digests[0]);
  }
}

TEST_CASE("the digests of xxHash's own sanity check") {
  // The buffer and the values are those of the sanity check in xxHash's command-line program.
  std::string buffer;
  std::uint64_t generator = 2654435761u;
  for (int i = 0; i < 2400; ++i) {
    buffer += static_cast<char>(generator >> 56);
    generator *= 11400714785074694797u;
  }
  const std::vector<std::pair<std::size_t, const char*>> xxh3 = {
      {0, "2d06800538d394c2"},    {1, "c44bdff4074eecdb"},    {6, "27b56a84cd2d7325"},
      {12, "a713daf0dfbb77e7"},   {24, "a3fe70bf9d3510eb"},   {48, "397da259ecba1f11"},
      {80, "bcdefbbb2c47c90a"},   {195, "cd94217ee362ec3a"},  {403, "cdeb804d65c6dea4"},
      {512, "617e49599013cb6b"},  {2048, "dd59e2c3a5f038e0"}, {2240, "6e73a90539cf2948"},
      {2367, "cb37aeb9e5d361ed"},
  };
  for (const auto& row : xxh3) {
    const auto& [bytes, digest] = row;
    CAPTURE(row.first);
    CHECK(digest_of(Algorithm::xxh3, std::string_view(buffer).substr(0, bytes)) == digest);
  }
  const std::string_view long_text = std::string_view(buffer).substr(0, 222);
  CHECK(digest_of(Algorithm::xxh32, long_text) == "5bd11dbd");
  CHECK(digest_of(Algorithm::xxh64, long_text) == "b641ae8cb691c174");
}

TEST_CASE("any length in one piece equals xxHash's one-shot functions") {
  const std::vector<std::byte> data = test::random_bytes((1 << 20) + 64, 1);
  for (const std::size_t length : lengths()) {
    CAPTURE(length);
    for (const Algorithm algorithm : kAll) {
      CAPTURE(name(algorithm));
      const auto hasher = make_hasher(algorithm);
      hasher->update(data.data(), length);
      CHECK(hasher->digest() == one_shot(algorithm, data.data(), length));
    }
  }
}

TEST_CASE("any division into pieces gives the same digest") {
  const std::vector<std::byte> data = test::random_bytes(1 << 20, 2);
  std::mt19937_64 random(3);
  for (const Algorithm algorithm : kAll) {
    CAPTURE(name(algorithm));
    for (int round = 0; round < 60; ++round) {
      const std::size_t length = random() % data.size();
      const std::size_t longest = std::size_t{1} << (random() % 20 + 1);
      const auto hasher = make_hasher(algorithm);
      for (std::size_t at = 0; at < length;) {
        const std::size_t piece = std::min<std::size_t>(random() % (longest + 1), length - at);
        hasher->update(data.data() + at, piece);
        at += piece;
      }
      CAPTURE(length);
      CAPTURE(longest);
      REQUIRE(hasher->digest() == one_shot(algorithm, data.data(), length));
    }
  }
}

TEST_CASE("data at any address gives the same digest") {
  const std::vector<std::byte> content = test::random_bytes(5000, 4);
  std::vector<std::byte> memory(5000 + 64);
  for (std::size_t shift = 0; shift < 64; ++shift) {
    CAPTURE(shift);
    std::copy(content.begin(), content.end(), memory.begin() + static_cast<std::ptrdiff_t>(shift));
    for (const Algorithm algorithm : kAll) {
      const auto hasher = make_hasher(algorithm);
      hasher->update(memory.data() + shift, 1234);
      hasher->update(memory.data() + shift + 1234, 5000 - 1234);
      CHECK(hasher->digest() == one_shot(algorithm, content.data(), 5000));
    }
  }
}

TEST_CASE("an intermediate digest is that of the data so far, and does not change the state") {
  const std::vector<std::byte> data = test::random_bytes(10'000, 5);
  for (const Algorithm algorithm : kAll) {
    CAPTURE(name(algorithm));
    const auto hasher = make_hasher(algorithm);
    const auto other = make_hasher(algorithm);
    for (std::size_t at = 0; at < 10'000; at += 100) {
      hasher->update(data.data() + at, 100);
      other->update(data.data(), 1);
      REQUIRE(hasher->digest() == one_shot(algorithm, data.data(), at + 100));
    }
    hasher->update(nullptr, 0);
    CHECK(hasher->digest() == one_shot(algorithm, data.data(), 10'000));
  }
}

TEST_CASE("a hash is found by its name, and an unknown one is refused with all names") {
  for (const Algorithm algorithm : kAll) {
    const Result<Algorithm> parsed = parse_algorithm(name(algorithm));
    REQUIRE(parsed);
    CHECK(*parsed == algorithm);
  }
  for (const char* text : {"", "xxh", "XXH3", "xxh3 ", "md5", "xxh3,xxh64"}) {
    CAPTURE(text);
    const Result<Algorithm> parsed = parse_algorithm(text);
    REQUIRE_FALSE(parsed);
    CHECK(parsed.error().kind == Error::Kind::usage);
    const std::string line = parsed.error().line();
    CHECK(line.find("'" + std::string(text) + "'") != std::string::npos);
    for (const Algorithm algorithm : kAll) CHECK(line.find(name(algorithm)) != std::string::npos);
  }
}

TEST_CASE("XXH3 runs on the best instructions that the processor has") {
  const std::string expected = os::cpu_has_avx512() ? "avx512"
                               : os::cpu_has_avx2() ? "avx2"
                                                    : "base";
  CHECK(vector_instructions() == expected);
}

}  // namespace
}  // namespace aiobench::hash
