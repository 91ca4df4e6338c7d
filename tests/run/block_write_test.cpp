// Tests that a block is written completely despite short transfers, in whole sectors if required,
// and that a failed write and a write of 0 bytes are reported.
#include "run/block.h"

#include <doctest/doctest.h>

#include <algorithm>
#include <string>
#include <vector>

#include "os/system_error.h"

namespace aiobench::run {
namespace {

constexpr Block kBlock = {.index = 2, .offset = 2000, .bytes = 1000};

struct Fixture {
  std::vector<std::byte> data = std::vector<std::byte>(2048, std::byte{1});
  HoleMap holes;
  engine::Request request;

  // One step: the request, answered with `transferred` bytes.
  bool step(BlockWrite& writing, std::uint32_t transferred, int error = 0) {
    if (!writing.next(request)) return false;
    request.transferred = transferred;
    request.error = error;
    writing.absorb(request);
    return true;
  }

  // One step for each of `transfers`, after which no request follows. Returns the requests as
  // "bytes at offset"; data[0] belongs at `first`.
  std::string feed(BlockWrite& writing, FileOffset first,
                   const std::vector<std::uint32_t>& transfers) {
    std::string requests;
    for (const std::uint32_t gift : transfers) {
      REQUIRE(step(writing, gift));
      CHECK(request.buffer == data.data() + (request.offset - first));
      if (!requests.empty()) requests += ", ";
      requests += std::to_string(request.bytes) + " at " + std::to_string(request.offset);
    }
    CHECK_FALSE(step(writing, 0));
    return requests;
  }
};

TEST_CASE("after a short write the rest is written") {
  Fixture f;
  BlockWrite writing(kBlock, f.data.data(), 1, f.holes);
  CHECK(f.feed(writing, 2000, {1, 998, 1}) == "1000 at 2000, 999 at 2001, 1 at 2999");
  CHECK(writing.error() == 0);
}

TEST_CASE("direct writes are whole sectors, including the last one") {
  Fixture f;
  BlockWrite writing({.index = 4, .offset = 2048, .bytes = 700}, f.data.data(), 512, f.holes);
  CHECK(f.feed(writing, 2048, {512, 512}) == "1024 at 2048, 512 at 2560");
}

TEST_CASE("holes are not written; data is extended to whole sectors") {
  Fixture f;
  std::fill(f.data.begin(), f.data.end(), std::byte{0});
  f.data[600] = std::byte{1};
  f.holes = HoleMap({{2048 + 600, 2048 + 601}});
  BlockWrite writing({.index = 1, .offset = 2048, .bytes = 2048}, f.data.data(), 512, f.holes);
  CHECK(f.feed(writing, 2048, {512}) == "512 at 2560");
}

TEST_CASE("an error ends the block and gives its offset") {
  Fixture f;
  BlockWrite writing(kBlock, f.data.data(), 1, f.holes);
  REQUIRE(f.step(writing, 100));
  REQUIRE(f.step(writing, 0, 28));
  CHECK_FALSE(f.step(writing, 0));
  CHECK(writing.error() == 28);
  CHECK(writing.position() == 2100);
}

TEST_CASE("a write of 0 bytes is an error and is not repeated forever") {
  Fixture f;
  BlockWrite writing(kBlock, f.data.data(), 1, f.holes);
  REQUIRE(f.step(writing, 0));
  CHECK_FALSE(f.step(writing, 0));
  CHECK(writing.error() == os::device_failure_code());
  // With whole sectors, less than one sector is no progress.
  BlockWrite direct({.index = 0, .offset = 0, .bytes = 1024}, f.data.data(), 512, f.holes);
  REQUIRE(f.step(direct, 100));
  CHECK(direct.error() == os::device_failure_code());
}

}  // namespace
}  // namespace aiobench::run
