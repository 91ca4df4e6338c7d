// Proves that Windows lets no mapped file shrink, and that a page of a view that cannot be read
// ends no program: the view reads as zeros and says that it is lost, other views are as they were.
#include "os/memory.h"

#include <windows.h>

#include <doctest/doctest.h>

#include <algorithm>
#include <thread>
#include <vector>

#include "os/system_error.h"
#include "os/view_fixture.h"
#include "support/temp_file.h"

namespace aiobench::os {
namespace {

using test::random_bytes;
using test::TempFile;

// No page can be made unreadable as a failing disk does it; one that may not be read faults too.
void spoil(const FileView& view, std::uint64_t offset) {
  DWORD before = 0;
  REQUIRE(VirtualProtect(const_cast<std::byte*>(view.data()) + offset, 1, PAGE_NOACCESS, &before));
}

bool zeros(const FileView& view) {
  return std::all_of(view.data(), view.data() + view.size(),
                     [](std::byte byte) { return byte == std::byte{0}; });
}

TEST_CASE("a mapped file cannot be shortened") {
  const TempFile file(random_bytes(100'000, 1));
  const FileView view = must_map(file.path());
  Result<File> opened = File::open(file.path(), {.access = Access::write});
  REQUIRE(opened);
  const Status resized = opened->resize(5'000);
  REQUIRE_FALSE(resized);
  CHECK(resized.error().code == ERROR_USER_MAPPED_FILE);
}

TEST_CASE("a view with a page that cannot be read is lost, and another one is not") {
  const std::vector<std::byte> content = random_bytes(300'000, 2);
  const TempFile file(content);
  const FileView other = must_map(file.path());
  const FileView view = must_map(file.path());
  spoil(view, 70'000);
  CHECK_FALSE(view.lost_from().has_value());
  CHECK(view.data()[70'001] == std::byte{0});
  CHECK(view.lost_from() == 0);
  CHECK(zeros(view));
  CHECK(view.populate(0, 1) == device_failure_code());
  CHECK_FALSE(other.lost_from().has_value());
  CHECK(std::equal(content.begin(), content.end(), other.data()));
}

TEST_CASE("to bring in a page that cannot be read is an error") {
  const TempFile file(random_bytes(300'000, 3));
  const FileView view = must_map(file.path());
  spoil(view, 70'000);
  CHECK(view.populate(0, 65'536) == 0);
  CHECK(view.populate(0, view.size()) == device_failure_code());
}

TEST_CASE("threads that meet the same page at once see the file, or a loss") {
  for (unsigned round = 0; round < 50; ++round) {
    const std::vector<std::byte> content = random_bytes(200'000, round);
    const TempFile file(content);
    const FileView view = must_map(file.path());
    spoil(view, 100'000);
    bool right[2] = {true, true};
    const auto read = [&](unsigned reader) {
      const bool same = std::equal(content.begin(), content.end(), view.data());
      right[reader] = same || view.lost_from().has_value();
    };
    std::thread first(read, 0);
    std::thread second(read, 1);
    first.join();
    second.join();
    CHECK(right[0]);
    CHECK(right[1]);
    CHECK(view.lost_from() == 0);
  }
}

}  // namespace
}  // namespace aiobench::os
