// Tests short transfers: the block is requested to its end whatever the system returns, with direct
// access only at aligned offsets, and the end of the file is detected.
#include "run/block.h"

#include <doctest/doctest.h>

#include <vector>

namespace aiobench::run {
namespace {

// Returns `transfers` bytes per request, in order, and records the requested offsets.
std::vector<std::uint64_t> feed(BlockTransfer& transfer,
                                const std::vector<std::uint32_t>& transfers) {
  std::vector<std::byte> buffer(1 << 16);
  std::vector<std::uint64_t> offsets;
  engine::Request request;
  for (const std::uint32_t gift : transfers) {
    REQUIRE(transfer.next(request, buffer.data()));
    offsets.push_back(request.offset);
    CHECK(request.buffer == buffer.data() + (request.offset - transfer.block().offset));
    CHECK(gift <= request.bytes);
    request.transferred = gift;
    request.error = 0;
    request.data = request.buffer;
    transfer.absorb(request);
    CHECK((gift == 0 || transfer.data() == buffer.data()));
  }
  return offsets;
}

TEST_CASE("one request is enough if it transfers all bytes") {
  BlockTransfer transfer({3, 30'000, 10'000}, 1);
  CHECK(feed(transfer, {10'000}) == std::vector<std::uint64_t>{30'000});
  CHECK(transfer.whole());
  engine::Request request;
  CHECK_FALSE(transfer.next(request, nullptr));
}

TEST_CASE("after a short transfer the rest is requested") {
  BlockTransfer transfer({0, 0, 10'000}, 1);
  CHECK(feed(transfer, {1, 4'000, 5'998, 1}) == std::vector<std::uint64_t>{0, 1, 4'001, 9'999});
  CHECK(transfer.whole());
}

TEST_CASE("a transfer of 0 bytes is the end of the file, at the offset reached") {
  BlockTransfer transfer({2, 20'000, 10'000}, 1);
  feed(transfer, {4'321, 0});
  engine::Request request;
  CHECK_FALSE(transfer.next(request, nullptr));
  CHECK_FALSE(transfer.whole());
  CHECK(transfer.error() == 0);
  CHECK(transfer.position() == 24'321);
}

TEST_CASE("a mechanism without buffers gets the request for the rest without a buffer too") {
  BlockTransfer transfer({0, 4'096, 8'192}, 1);
  std::vector<std::byte> mapping(8'192);
  engine::Request request;
  for (const std::uint32_t gift : {100u, 8'092u}) {
    REQUIRE(transfer.next(request, nullptr));
    CHECK(request.buffer == nullptr);
    request.transferred = gift;
    request.data = mapping.data() + (request.offset - 4'096);
    transfer.absorb(request);
    CHECK(transfer.data() == mapping.data());
  }
  CHECK(transfer.whole());
}

TEST_CASE("an error ends the block at the offset reached") {
  BlockTransfer transfer({0, 4'096, 8'192}, 1);
  feed(transfer, {100});
  std::vector<std::byte> buffer(8'192);
  engine::Request request;
  REQUIRE(transfer.next(request, buffer.data()));
  request.error = 5;
  transfer.absorb(request);
  CHECK_FALSE(transfer.next(request, nullptr));
  CHECK(transfer.error() == 5);
  CHECK(transfer.position() == 4'196);
}

TEST_CASE("direct access requests whole sectors, and only the bytes of the file count") {
  BlockTransfer transfer({0, 0, 1'000}, 512);
  std::vector<std::byte> buffer(4096);
  engine::Request request;
  REQUIRE(transfer.next(request, buffer.data()));
  CHECK(request.bytes == 1'024);
  request.transferred = 1'000;
  transfer.absorb(request);
  CHECK(transfer.whole());
}

TEST_CASE("direct access continues at the last sector boundary") {
  BlockTransfer transfer({0, 0, 4'096}, 512);
  CHECK(feed(transfer, {1'300, 3'072}) == std::vector<std::uint64_t>{0, 1'024});
  CHECK(transfer.whole());
}

TEST_CASE("with direct access a tail that is read again is the end of the file") {
  BlockTransfer transfer({0, 0, 4'096}, 512);
  CHECK(feed(transfer, {1'300, 276}) == std::vector<std::uint64_t>{0, 1'024});
  engine::Request request;
  CHECK_FALSE(transfer.next(request, nullptr));
  CHECK_FALSE(transfer.whole());
  CHECK(transfer.position() == 1'300);
}

TEST_CASE("a file that grew does not extend the block") {
  BlockTransfer transfer({0, 0, 1'000}, 512);
  std::vector<std::byte> buffer(4096);
  engine::Request request;
  REQUIRE(transfer.next(request, buffer.data()));
  request.transferred = 1'024;
  transfer.absorb(request);
  CHECK(transfer.whole());
}

}  // namespace
}  // namespace aiobench::run
