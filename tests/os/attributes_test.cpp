// Proves on every system that an error names the file whose attributes cannot be read or set.
#include "os/file.h"

#include <doctest/doctest.h>

#include "os/temp_directory.h"

namespace aiobench::os {
namespace {

TEST_CASE("copy_attributes: from or to a closed file is an error that names it") {
  const test::TempDirectory directory;
  test::put_file(directory.file("f"), "text");
  Result<File> open = File::open(directory.file("f"), {.access = Access::read_write});
  REQUIRE(open);
  const File closed = File::adopt(kNoHandle, "the closed one");
  const Status from_closed = copy_attributes(closed, *open);
  REQUIRE_FALSE(from_closed);
  CHECK(from_closed.error().path == "the closed one");
  const Status to_closed = copy_attributes(*open, closed);
  REQUIRE_FALSE(to_closed);
  CHECK(to_closed.error().path == "the closed one");
  CHECK(copy_attributes(*open, *open));
}

}  // namespace
}  // namespace aiobench::os
