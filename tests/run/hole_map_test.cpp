// Tests which parts of a block are written and which are left as holes, and that a hole that has
// been filled since the map was made is written.
#include "run/block.h"

#include <doctest/doctest.h>

#include <string>

namespace aiobench::run {
namespace {

// The ranges of [begin, end) of `content` that are written, as "10-20 30-35".
std::string written(const HoleMap& map, const std::vector<std::byte>& content, FileOffset begin,
                    FileOffset end) {
  std::string text;
  while (begin < end) {
    const ByteRange next = map.next({begin, end}, content.data() + begin);
    if (next.empty()) break;
    CHECK(next.begin >= begin);
    CHECK(next.end <= end);
    text += (text.empty() ? "" : " ") + std::to_string(next.begin) + "-" + std::to_string(next.end);
    begin = next.end;
  }
  return text;
}

std::vector<std::byte> with_data(std::size_t bytes, const std::vector<ByteRange>& data) {
  std::vector<std::byte> content(bytes);
  for (const ByteRange& stretch : data) {
    for (FileOffset at = stretch.begin; at < stretch.end; ++at) content[at] = std::byte{1};
  }
  return content;
}

TEST_CASE("without a map everything is data") {
  const std::vector<std::byte> zeros(100);
  CHECK(written(HoleMap(), zeros, 0, 100) == "0-100");
}

TEST_CASE("holes are left out, whatever the bounds of the block") {
  const std::vector<ByteRange> data = {{10, 20}, {30, 40}, {90, 100}};
  const HoleMap map(data);
  const std::vector<std::byte> content = with_data(100, data);
  CHECK(written(map, content, 0, 100) == "10-20 30-40 90-100");
  CHECK(written(map, content, 0, 10) == "");
  CHECK(written(map, content, 15, 35) == "15-20 30-35");
  CHECK(written(map, content, 10, 20) == "10-20");
  CHECK(written(map, content, 40, 90) == "");
  CHECK(written(map, content, 95, 100) == "95-100");
  CHECK(written(HoleMap(std::vector<ByteRange>()), content, 40, 90) == "");
}

TEST_CASE("a hole that has been filled is data") {
  const HoleMap map({{10, 20}});
  std::vector<std::byte> content = with_data(100, {{10, 20}});
  content[99] = std::byte{7};
  CHECK(written(map, content, 0, 100) == "10-20 20-100");
  CHECK(written(map, content, 20, 99) == "");
  content[0] = std::byte{7};
  CHECK(written(map, content, 0, 30) == "0-10 10-20");
  CHECK(written(HoleMap(std::vector<ByteRange>()), content, 0, 1) == "0-1");
}

}  // namespace
}  // namespace aiobench::run
