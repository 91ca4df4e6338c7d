// Proves that the copy by the system has every byte, returns the number of bytes, can be
// interrupted between two pieces, and reports the cause of a failure.
#include "os/file.h"

#include <doctest/doctest.h>

#include <vector>

#include "base/units.h"
#include "os/open_file.h"
#include "os/temp_directory.h"
#include "support/temp_file.h"

namespace aiobench::os {
namespace {

using test::random_bytes;
using test::TempDirectory;
using test::TempFile;

TEST_CASE("system_copy: the same bytes, of any length") {
  const TempDirectory directory;
  for (const std::size_t bytes : {std::size_t{0}, std::size_t{1}, 3 * kMiB + 17, 150 * kMiB + 1}) {
    CAPTURE(bytes);
    const TempFile source(random_bytes(bytes, bytes));
    test::put_file(directory.file("to"), "");
    std::vector<std::uint64_t> told;
    const Result<std::uint64_t> copied =
        system_copy(must_open(source.path()), directory.file("to"), [&](std::uint64_t done) {
          told.push_back(done);
          return true;
        });
    REQUIRE_MESSAGE(copied, copied.error().line());
    CHECK(*copied == bytes);
    CHECK((test::content_of(directory.file("to")) == test::content_of(source.path())));
    for (std::size_t i = 1; i < told.size(); ++i) CHECK(told[i] > told[i - 1]);
    if (!told.empty()) CHECK(told.back() == bytes);
  }
}

TEST_CASE("system_copy: the callback is optional") {
  const TempDirectory directory;
  const TempFile source(random_bytes(100'000, 1));
  test::put_file(directory.file("to"), "");
  const Result<std::uint64_t> copied =
      system_copy(must_open(source.path()), directory.file("to"), nullptr);
  REQUIRE_MESSAGE(copied, copied.error().line());
  CHECK(*copied == 100'000);
}

TEST_CASE("system_copy: a copy that is stopped between two pieces is an interrupt") {
  const TempDirectory directory;
  const TempFile source = TempFile::sparse(130 * kMiB);
  test::put_file(directory.file("to"), "");
  int asked = 0;
  const Result<std::uint64_t> copied =
      system_copy(must_open(source.path()), directory.file("to"), [&](std::uint64_t) {
        ++asked;
        return false;
      });
  if (asked == 0) {
    MESSAGE("skipped: this system tells no progress");
    return;
  }
  REQUIRE_FALSE(copied);
  CHECK(copied.error().kind == Error::Kind::interrupted);
  CHECK(asked == 1);
}

TEST_CASE("system_copy: a destination that cannot be written is an error") {
  const TempDirectory directory;
  const TempFile source(random_bytes(100, 1));
  const Result<std::uint64_t> copied =
      system_copy(must_open(source.path()), directory.file("no directory/to"), nullptr);
  REQUIRE_FALSE(copied);
  CHECK(copied.error().kind == Error::Kind::system);
  CHECK(copied.error().code != 0);
}

}  // namespace
}  // namespace aiobench::os
