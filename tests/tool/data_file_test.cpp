// Proves that data files depend only on size and seed, cannot be compressed or deduplicated, and
// are never left incomplete.
#include "tool/create_command.h"

#include <doctest/doctest.h>

#include <array>
#include <cmath>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "base/units.h"
#include "os/directory.h"
#include "os/temp_directory.h"

namespace aiobench::tool {
namespace {

using test::TempDirectory;
using Names = std::vector<std::string>;

std::string made(const TempDirectory& directory, std::uint64_t bytes, std::uint64_t seed) {
  const std::string path = directory.file("data");
  const Status status = create_data_file(path, bytes, seed, true, false);
  REQUIRE_MESSAGE(status, status.error().line());
  CHECK(directory.names() == Names{"data"});
  return test::content_of(path);
}

TEST_CASE("data file: exactly the requested size") {
  const TempDirectory directory;
  for (const std::uint64_t bytes :
       {std::uint64_t{0}, std::uint64_t{1}, std::uint64_t{7}, std::uint64_t{8}, std::uint64_t{9},
        std::uint64_t{511}, 4 * kMiB - 1, 4 * kMiB, 4 * kMiB + 1, 9 * kMiB + 13}) {
    CAPTURE(bytes);
    CHECK(made(directory, bytes, 1).size() == bytes);
  }
}

TEST_CASE("data file: equal seeds give equal bytes, different seeds different bytes") {
  const TempDirectory directory;
  const std::uint64_t bytes = 5 * kMiB + 3;
  const std::string first = made(directory, bytes, 1);
  CHECK((made(directory, bytes, 1) == first));
  for (const std::uint64_t seed : {std::uint64_t{0}, std::uint64_t{2}, UINT64_MAX}) {
    CAPTURE(seed);
    const std::string other = made(directory, bytes, seed);
    for (std::size_t at = 0; at + 4096 <= bytes; at += 4096) {
      REQUIRE((first.compare(at, 4096, other, at, 4096) != 0));
    }
  }
}

TEST_CASE("data file: all byte values are equally frequent in every part of the file") {
  const TempDirectory directory;
  const std::string text = made(directory, 8 * kMiB, 1);
  for (std::size_t at = 0; at < text.size(); at += kMiB) {
    std::array<double, 256> counts{};
    for (std::size_t i = 0; i < kMiB; ++i) ++counts[static_cast<unsigned char>(text[at + i])];
    double chi_square = 0;
    for (const double count : counts) chi_square += (count - 4096) * (count - 4096) / 4096;
    // The mean is 255, the standard deviation 22.6; compressible data gives far larger values.
    CHECK(chi_square > 150);
    CHECK(chi_square < 400);
  }
}

TEST_CASE("data file: a byte is independent of the bytes after it and in the next words") {
  const TempDirectory directory;
  const std::string text = made(directory, 4 * kMiB, 1);
  for (const std::size_t distance : {1u, 4u, 8u, 64u, 4096u}) {
    CAPTURE(distance);
    std::size_t equal = 0;
    for (std::size_t i = distance; i < text.size(); ++i) equal += text[i] == text[i - distance];
    const double share = static_cast<double>(equal) / static_cast<double>(text.size() - distance);
    CHECK(share == doctest::Approx(1.0 / 256).epsilon(0.05));
  }
}

TEST_CASE("data file: no block of 512 bytes repeats, also across files with different seeds") {
  const TempDirectory directory;
  std::set<std::string> blocks;
  std::size_t count = 0;
  for (const std::uint64_t seed : {1u, 2u}) {
    const std::string text = made(directory, 5 * kMiB, seed);
    for (std::size_t at = 0; at < text.size(); at += 512, ++count) {
      blocks.insert(text.substr(at, 32));  // the start is enough to distinguish blocks
    }
  }
  CHECK(blocks.size() == count);
}

TEST_CASE("data file: an existing file is refused and unchanged, or replaced on request") {
  const TempDirectory directory;
  const std::string path = directory.file("data");
  test::put_file(path, "precious");
  const Status refused = create_data_file(path, 100, 1, false, false);
  REQUIRE_FALSE(refused);
  CHECK(refused.error().kind == Error::Kind::usage);
  CHECK(refused.error().path == path);
  CHECK(refused.error().line().find("--force") != std::string::npos);
  CHECK(test::content_of(path) == "precious");
  CHECK(directory.names() == Names{"data"});
  CHECK(made(directory, 100, 1).size() == 100);
}

TEST_CASE("data file: a leftover of a killed program is replaced") {
  const TempDirectory directory;
  test::put_file(directory.file("data.aiobench-part"), std::string(1000, 'x'));
  const std::string text = made(directory, 100, 1);
  CHECK(text.size() == 100);
  CHECK((text == made(directory, 100, 1)));
}

TEST_CASE("data file: on failure nothing is left, and the error has the path") {
  const TempDirectory directory;
  const std::string inside = directory.file("no directory/data");
  const Status no_directory = create_data_file(inside, 100, 1, false, false);
  REQUIRE_FALSE(no_directory);
  CHECK(no_directory.error().kind == Error::Kind::system);
  CHECK(no_directory.error().path == inside);
  CHECK(directory.names().empty());

  REQUIRE(os::make_directories(directory.file("a directory")));
  for (const bool replace : {false, true}) {
    const Status over_directory =
        create_data_file(directory.file("a directory"), 100, 1, replace, false);
    REQUIRE_FALSE(over_directory);
    CHECK(over_directory.error().path == directory.file("a directory"));
    CHECK(directory.names() == Names{"a directory"});
  }
}

}  // namespace
}  // namespace aiobench::tool
