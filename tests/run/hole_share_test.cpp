// Tests that the share of holes in a file is computed from the extents of the system, and is
// unknown for an empty file and for one that cannot be opened.
#include "run/run.h"

#include <doctest/doctest.h>

#include "base/units.h"
#include "os/file.h"
#include "support/temp_file.h"

namespace aiobench::run {
namespace {

using test::random_bytes;
using test::TempFile;

TEST_CASE("a file that was written completely has no holes") {
  const TempFile file(random_bytes(3 * kMiB + 17, 1));
  CHECK(hole_share(file.path()) == 0.0);
}

TEST_CASE("a file that is one hole, and a file with data only at its end") {
  const TempFile file = TempFile::sparse(8 * kMiB);
  const Result<os::File> opened = os::File::open(file.path(), {});
  REQUIRE(opened);
  if (!os::data_extents(*opened, 8 * kMiB)->empty()) {
    MESSAGE("skipped: this system does not report holes");
    CHECK(hole_share(file.path()) == 0.0);
    return;
  }
  CHECK(hole_share(file.path()) == 1.0);
  file.write(6 * kMiB, random_bytes(2 * kMiB, 1));
  CHECK(*hole_share(file.path()) == doctest::Approx(0.75));
}

TEST_CASE("the share of a missing and of an empty file is unknown") {
  const TempFile empty(std::vector<std::byte>{});
  CHECK_FALSE(hole_share(empty.path()));
  CHECK_FALSE(hole_share("/no such directory/no such file"));
  CHECK_FALSE(cached_share("/no such directory/no such file"));
}

}  // namespace
}  // namespace aiobench::run
