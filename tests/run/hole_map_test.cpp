// Proves what is written of a block and what is left a hole; and that a hole which has been filled
// since the map was made is written.
#include "run/block.h"

#include <doctest/doctest.h>

#include <string>

namespace aiobench::run {
namespace {

// What is written of [begin, end) of `content`, as "10-20 30-35".
std::string written(const HoleMap& map, const std::vector<std::byte>& content, FileOffset begin,
                    FileOffset end) {
  std::string text;
  while (begin < end) {
    const Stretch next = map.next({begin, end}, content.data() + begin);
    if (next.empty()) break;
    CHECK(next.begin >= begin);
    CHECK(next.end <= end);
    text += (text.empty() ? "" : " ") + std::to_string(next.begin) + "-" + std::to_string(next.end);
    begin = next.end;
  }
  return text;
}

std::vector<std::byte> with_data(std::size_t bytes, const std::vector<Stretch>& data) {
  std::vector<std::byte> content(bytes);
  for (const Stretch& stretch : data) {
    for (FileOffset at = stretch.begin; at < stretch.end; ++at) content[at] = std::byte{1};
  }
  return content;
}

TEST_CASE("without a map all is data") {
  const std::vector<std::byte> zeros(100);
  CHECK(written(HoleMap(), zeros, 0, 100) == "0-100");
}

TEST_CASE("holes are left out, wherever a block begins and ends") {
  const std::vector<Stretch> data = {{10, 20}, {30, 40}, {90, 100}};
  const HoleMap map(data);
  const std::vector<std::byte> content = with_data(100, data);
  CHECK(written(map, content, 0, 100) == "10-20 30-40 90-100");
  CHECK(written(map, content, 0, 10) == "");
  CHECK(written(map, content, 15, 35) == "15-20 30-35");
  CHECK(written(map, content, 10, 20) == "10-20");
  CHECK(written(map, content, 40, 90) == "");
  CHECK(written(map, content, 95, 100) == "95-100");
  CHECK(written(HoleMap(std::vector<Stretch>()), content, 40, 90) == "");
}

TEST_CASE("a hole that holds something by now is data") {
  const HoleMap map({{10, 20}});
  std::vector<std::byte> content = with_data(100, {{10, 20}});
  content[99] = std::byte{7};
  CHECK(written(map, content, 0, 100) == "10-20 20-100");
  CHECK(written(map, content, 20, 99) == "");
  content[0] = std::byte{7};
  CHECK(written(map, content, 0, 30) == "0-10 10-20");
  CHECK(written(HoleMap(std::vector<Stretch>()), content, 0, 1) == "0-1");
}

}  // namespace
}  // namespace aiobench::run
