// Proves that a mapping has the content of the file, for many threads and mappings at once, that
// pages can be populated and released anywhere in it, and that too many mappings are an error.
#include "os/memory.h"

#include <doctest/doctest.h>

#include <algorithm>
#include <thread>
#include <utility>
#include <vector>

#include "base/units.h"
#include "os/mapping_fixture.h"
#include "support/temp_file.h"

namespace aiobench::os {
namespace {

using test::random_bytes;
using test::TempFile;

bool holds(const Mapping& mapping, const std::vector<std::byte>& content) {
  return mapping.size() == content.size() &&
         std::equal(content.begin(), content.end(), mapping.data());
}

TEST_CASE("a mapping has the content of the file, of any length") {
  for (const std::size_t bytes : {std::size_t{1}, page_bytes() - 1, page_bytes(), page_bytes() + 1,
                                  std::size_t{kMiB + 12'345}}) {
    CAPTURE(bytes);
    const std::vector<std::byte> content = random_bytes(bytes, bytes);
    const TempFile file(content);
    const Mapping mapping = must_map(file.path());
    CHECK(holds(mapping, content));
    CHECK_FALSE(mapping.lost_from().has_value());
  }
}

TEST_CASE("the mapping of an empty file is empty, and so is a default-constructed one") {
  const TempFile file(std::vector<std::byte>{});
  for (const Mapping& mapping : {must_map(file.path()), Mapping()}) {
    CHECK(mapping.data() == nullptr);
    CHECK(mapping.size() == 0);
    CHECK(mapping.populate(0, 0) == 0);
    CHECK_FALSE(mapping.lost_from().has_value());
  }
}

TEST_CASE("pages can be populated and released at any offset") {
  const std::vector<std::byte> content = random_bytes(3 * kMiB + 17, 5);
  const TempFile file(content);
  const Mapping mapping = must_map(file.path());
  for (const std::uint64_t offset : {0u, 1u, 4095u, 4096u, 1'000'000u, 3u * 1024 * 1024}) {
    for (const std::uint64_t bytes : {0u, 1u, 17u}) CHECK(mapping.populate(offset, bytes) == 0);
    CHECK(mapping.populate(offset, mapping.size() - offset) == 0);
  }
  CHECK(mapping.populate(mapping.size(), 0) == 0);
  mapping.release(0, 2 * kMiB);
  CHECK(holds(mapping, content));
  mapping.release(0, mapping.size());
  CHECK(mapping.populate(0, mapping.size()) == 0);
  CHECK(holds(mapping, content));
}

TEST_CASE("a mapping keeps its size when the file grows") {
  const std::vector<std::byte> content = random_bytes(10'000, 6);
  const TempFile file(content);
  const Mapping mapping = must_map(file.path());
  file.write(content.size(), random_bytes(50'000, 7));
  CHECK(mapping.populate(0, mapping.size()) == 0);
  CHECK(holds(mapping, content));
}

TEST_CASE("a move transfers the mapping") {
  const std::vector<std::byte> content = random_bytes(5'000, 8);
  const TempFile file(content);
  Mapping first = must_map(file.path());
  Mapping second = std::move(first);
  CHECK(first.data() == nullptr);  // NOLINT: the moved-from state is tested
  CHECK(holds(second, content));
  Mapping third = must_map(file.path());
  third = std::move(second);
  CHECK(holds(third, content));
}

TEST_CASE("several threads read several mappings at once") {
  const std::vector<std::byte> contents[] = {random_bytes(2 * kMiB, 9), random_bytes(kMiB, 10)};
  const TempFile one(contents[0]);
  const TempFile two(contents[1]);
  const Mapping mappings[] = {must_map(one.path()), must_map(two.path())};
  bool right[4] = {};
  std::vector<std::thread> threads;
  for (unsigned i = 0; i < 4; ++i) {
    threads.emplace_back([&, i] {
      const Mapping& mapping = mappings[i % 2];
      right[i] = mapping.populate(0, mapping.size()) == 0 && holds(mapping, contents[i % 2]);
    });
  }
  for (std::thread& thread : threads) thread.join();
  for (const bool each : right) CHECK(each);
}

TEST_CASE("too many mappings are an error, and one fewer is not") {
  const TempFile file(random_bytes(100, 11));
  Result<File> opened = File::open(file.path(), {});
  REQUIRE(opened);
  std::vector<Mapping> mappings;
  Result<Mapping> mapping = Mapping::map(*opened);
  while (mapping && mappings.size() < 10'000) {
    mappings.push_back(mapping.take());
    mapping = Mapping::map(*opened);
  }
  REQUIRE_FALSE(mapping);
  CHECK(mappings.size() >= 64);
  CHECK(mapping.error().path == file.path());
  CHECK_FALSE(mapping.error().hint.empty());
  mappings.pop_back();
  CHECK(Mapping::map(*opened));
}

TEST_CASE("a file that cannot be mapped is an error with the path") {
  const TempFile file(random_bytes(100, 12));
  Result<File> opened = File::open(file.path(), {.access = Access::write});
  REQUIRE(opened);
  const Result<Mapping> mapping = Mapping::map(*opened);
  REQUIRE_FALSE(mapping);
  CHECK(mapping.error().operation == "map");
  CHECK(mapping.error().path == file.path());
  CHECK(mapping.error().code != 0);
}

}  // namespace
}  // namespace aiobench::os
