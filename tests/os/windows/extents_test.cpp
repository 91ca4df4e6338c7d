// Proves that extents are reported and reserved through synchronous and asynchronous handles, and
// that Windows finds holes.
#include "os/file.h"

#include <doctest/doctest.h>

#include <vector>

#include "base/units.h"
#include "os/temp_directory.h"
#include "os/windows/wine.h"

namespace aiobench::os {
namespace {

using test::TempDirectory;

TEST_CASE("data_extents and reserve_extents: through handles of both kinds") {
  const TempDirectory directory;
  const std::string names[] = {"synchronous", "asynchronous"};
  for (const bool asynchronous : {false, true}) {
    CAPTURE(asynchronous);
    const std::string path = directory.file(names[asynchronous ? 1 : 0]);
    Result<File> file = File::open(
        path, {.access = Access::read_write, .create = true, .asynchronous = asynchronous});
    REQUIRE(file);
    const Status reserved = reserve_extents(*file, {{4 * kMiB, kMiB}}, 64 * kMiB);
    REQUIRE_MESSAGE(reserved, reserved.error().line());
    CHECK(*file->size() == 64 * kMiB);
    const Result<std::vector<Extent>> extents = data_extents(*file, 64 * kMiB);
    REQUIRE_MESSAGE(extents, extents.error().line());
    if (under_wine()) {
      // The system does not report extents.
      REQUIRE(extents->size() == 1);
      CHECK((*extents)[0].bytes == 64 * kMiB);
    }
  }
}

TEST_CASE("data_extents: two ranges of data between holes") {
  if (under_wine()) {
    MESSAGE("skipped: Wine tells no holes");
    return;
  }
  const TempDirectory directory;
  Result<File> file =
      File::open(directory.file("f"), {.access = Access::read_write, .create = true});
  REQUIRE(file);
  REQUIRE(reserve_extents(*file, {{8 * kMiB, kMiB}, {32 * kMiB, kMiB}}, 64 * kMiB));
  const std::vector<std::byte> data(kMiB, std::byte{1});
  for (const FileOffset at : {8 * kMiB, 32 * kMiB}) {
    REQUIRE(file->write_at(data.data(), static_cast<std::uint32_t>(kMiB), at).bytes == kMiB);
  }
  const Result<std::vector<Extent>> extents = data_extents(*file, 64 * kMiB);
  REQUIRE_MESSAGE(extents, extents.error().line());
  REQUIRE(extents->size() == 2);
  CHECK((*extents)[0].offset == 8 * kMiB);
  CHECK((*extents)[0].bytes == kMiB);
  CHECK((*extents)[1].offset == 32 * kMiB);
  CHECK((*extents)[1].bytes == kMiB);
}

}  // namespace
}  // namespace aiobench::os
