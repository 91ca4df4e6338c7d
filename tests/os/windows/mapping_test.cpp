// Proves that Windows does not let a mapped file shrink, and that an unreadable page of a mapping
// does not end the program: the mapping reads as zeros and reports the loss, and other mappings are
// unchanged.
#include "os/memory.h"

#include <windows.h>

#include <doctest/doctest.h>

#include <algorithm>
#include <thread>
#include <vector>

#include "os/mapping_fixture.h"
#include "os/system_error.h"
#include "support/temp_file.h"

namespace aiobench::os {
namespace {

using test::random_bytes;
using test::TempFile;

// A test cannot make a page fail like a bad disk; a page without read access faults too.
void spoil(const Mapping& mapping, std::uint64_t offset) {
  DWORD before = 0;
  REQUIRE(
      VirtualProtect(const_cast<std::byte*>(mapping.data()) + offset, 1, PAGE_NOACCESS, &before));
}

bool zeros(const Mapping& mapping) {
  return std::all_of(mapping.data(), mapping.data() + mapping.size(),
                     [](std::byte byte) { return byte == std::byte{0}; });
}

TEST_CASE("a mapped file cannot be shortened") {
  const TempFile file(random_bytes(100'000, 1));
  const Mapping mapping = must_map(file.path());
  Result<File> opened = File::open(file.path(), {.access = Access::write});
  REQUIRE(opened);
  const Status resized = opened->resize(5'000);
  REQUIRE_FALSE(resized);
  CHECK(resized.error().code == ERROR_USER_MAPPED_FILE);
}

TEST_CASE("a mapping with an unreadable page is lost, and another one is not") {
  const std::vector<std::byte> content = random_bytes(300'000, 2);
  const TempFile file(content);
  const Mapping other = must_map(file.path());
  const Mapping mapping = must_map(file.path());
  spoil(mapping, 70'000);
  CHECK_FALSE(mapping.lost_from().has_value());
  CHECK(mapping.data()[70'001] == std::byte{0});
  CHECK(mapping.lost_from() == 0);
  CHECK(zeros(mapping));
  CHECK(mapping.populate(0, 1) == device_failure_code());
  CHECK_FALSE(other.lost_from().has_value());
  CHECK(std::equal(content.begin(), content.end(), other.data()));
}

TEST_CASE("populating an unreadable page is an error") {
  const TempFile file(random_bytes(300'000, 3));
  const Mapping mapping = must_map(file.path());
  spoil(mapping, 70'000);
  CHECK(mapping.populate(0, 65'536) == 0);
  CHECK(mapping.populate(0, mapping.size()) == device_failure_code());
}

TEST_CASE("threads that read the same page at once see the file or a noted loss") {
  for (unsigned round = 0; round < 50; ++round) {
    const std::vector<std::byte> content = random_bytes(200'000, round);
    const TempFile file(content);
    const Mapping mapping = must_map(file.path());
    spoil(mapping, 100'000);
    bool right[2] = {true, true};
    const auto read = [&](unsigned reader) {
      const bool same = std::equal(content.begin(), content.end(), mapping.data());
      right[reader] = same || mapping.lost_from().has_value();
    };
    std::thread first(read, 0);
    std::thread second(read, 1);
    first.join();
    second.join();
    CHECK(right[0]);
    CHECK(right[1]);
    CHECK(mapping.lost_from() == 0);
  }
}

}  // namespace
}  // namespace aiobench::os
