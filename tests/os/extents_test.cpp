// Proves that extents are in order, within the requested length and cover all data, and that a file
// created from them has the same length and reads as zeros.
#include "os/file.h"

#include <doctest/doctest.h>

#include <algorithm>
#include <vector>

#include "base/units.h"
#include "os/directory.h"
#include "os/open_file.h"
#include "os/temp_directory.h"
#include "support/temp_file.h"

namespace aiobench::os {
namespace {

using test::random_bytes;
using test::TempDirectory;
using test::TempFile;

std::vector<Extent> extents_of(const std::string& path, std::uint64_t bytes) {
  Result<std::vector<Extent>> extents = data_extents(must_open(path), bytes);
  REQUIRE_MESSAGE(extents, extents.error().line());
  FileOffset at = 0;
  for (const Extent& extent : *extents) {
    CHECK(extent.offset >= at);
    CHECK(extent.bytes > 0);
    at = extent.offset + extent.bytes;
    CHECK(at <= bytes);
  }
  return extents.take();
}

bool covers(const std::vector<Extent>& extents, FileOffset begin, FileOffset end) {
  return std::any_of(extents.begin(), extents.end(), [&](const Extent& extent) {
    return extent.offset <= begin && end <= extent.offset + extent.bytes;
  });
}

File create(const TempDirectory& directory, const char* name) {
  return must_open(directory.file(name), {.access = Access::read_write, .create = true});
}

TEST_CASE("data_extents: a file without holes is one extent, to its last byte") {
  for (const std::size_t bytes : {std::size_t{1}, std::size_t{4096}, 3 * kMiB + 17}) {
    CAPTURE(bytes);
    const TempFile file(random_bytes(bytes, bytes));
    const std::vector<Extent> extents = extents_of(file.path(), bytes);
    REQUIRE(extents.size() == 1);
    CHECK(extents[0].offset == 0);
    CHECK(extents[0].bytes == bytes);
  }
}

TEST_CASE("data_extents: an empty file has no extents") {
  const TempFile file(std::vector<std::byte>{});
  CHECK(extents_of(file.path(), 0).empty());
}

TEST_CASE("data_extents: the extents cover all data, before and after 4 GiB") {
  const TempFile file = TempFile::sparse(5 * kGiB + 123);
  file.write(kMiB, random_bytes(kMiB, 1));
  file.write(4 * kGiB - 1000, random_bytes(2000, 2));
  const std::vector<Extent> extents = extents_of(file.path(), 5 * kGiB + 123);
  CHECK(covers(extents, kMiB, 2 * kMiB));
  CHECK(covers(extents, 4 * kGiB - 1000, 4 * kGiB + 1000));
}

TEST_CASE("data_extents: a length below and above the size of the file") {
  const TempFile file(random_bytes(10'000, 3));
  CHECK(covers(extents_of(file.path(), 100), 0, 100));
  CHECK(extents_of(file.path(), 100).size() == 1);
  // The file has become shorter: the missing part counts as data, so that a read detects it.
  CHECK(covers(extents_of(file.path(), 20'000), 0, 20'000));
}

TEST_CASE("data_extents: a file that was renamed after opening is still that file") {
  const TempDirectory directory;
  File file = create(directory, "f");
  REQUIRE(file.resize(4 * kMiB));
  REQUIRE(rename_file(directory.file("f"), directory.file("g")));
  test::put_file(directory.file("f"), "another one");
  CHECK(data_extents(file, 4 * kMiB));
}

TEST_CASE("reserve_extents: the length is set, and all of it reads as zeros") {
  const TempDirectory directory;
  const std::vector<std::vector<Extent>> plans = {
      {}, {{0, kMiB + 5}}, {{4096, 8192}}, {{0, 4096}, {512 * kKiB, kMiB + 5 - 512 * kKiB}}};
  for (std::size_t i = 0; i < plans.size(); ++i) {
    CAPTURE(i);
    File file = create(directory, std::to_string(i).c_str());
    const Status reserved = reserve_extents(file, plans[i], kMiB + 5);
    REQUIRE_MESSAGE(reserved, reserved.error().line());
    CHECK(*file.size() == kMiB + 5);
    REQUIRE(file.close());
    CHECK((test::content_of(directory.file(std::to_string(i))) == std::string(kMiB + 5, '\0')));
  }
  File empty = create(directory, "empty");
  REQUIRE(reserve_extents(empty, {}, 0));
  CHECK(*empty.size() == 0);
}

TEST_CASE("reserve_extents: a file that is not open for writing is an error that names it") {
  const TempDirectory directory;
  test::put_file(directory.file("f"), "text");
  Result<File> file = File::open(directory.file("f"), {});
  REQUIRE(file);
  const Status reserved = reserve_extents(*file, {{0, kMiB}}, kMiB);
  REQUIRE_FALSE(reserved);
  CHECK(reserved.error().path == directory.file("f"));
}

}  // namespace
}  // namespace aiobench::os
