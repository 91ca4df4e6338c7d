// Proves that the copy on Linux does not move the file pointer, works in pieces and between file
// systems, and does not treat a file without a size as empty.
#include "os/file.h"

#include <doctest/doctest.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <string>
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

TEST_CASE("system_copy: the file pointer stays where it is, and the pieces are 64 MiB at most") {
  const TempDirectory directory;
  const TempFile source = TempFile::sparse(150 * kMiB);
  test::put_file(directory.file("to"), "");
  const File from = must_open(source.path());
  REQUIRE(::lseek(static_cast<int>(from.handle()), 7, SEEK_SET) == 7);
  std::uint64_t before = 0;
  const auto go_on = [&](std::uint64_t done) {
    CHECK(done - before <= 64 * kMiB);
    before = done;
    return true;
  };
  const Result<std::uint64_t> copied = system_copy(from, directory.file("to"), go_on);
  REQUIRE_MESSAGE(copied, copied.error().line());
  CHECK(*copied == 150 * kMiB);
  CHECK(::lseek(static_cast<int>(from.handle()), 0, SEEK_CUR) == 7);
}

TEST_CASE("system_copy: from another file system") {
  const TempDirectory directory;
  const std::string path = "/dev/shm/aiobench-system-copy-" + std::to_string(::getpid());
  struct stat here {};
  struct stat there {};
  REQUIRE(::stat(directory.path().c_str(), &here) == 0);
  if (::stat("/dev/shm", &there) != 0 || here.st_dev == there.st_dev ||
      ::access("/dev/shm", W_OK) != 0) {
    MESSAGE("skipped: there is no other file system to copy from");
    return;
  }
  const TempFile content(random_bytes(2 * kMiB + 5, 4));
  test::put_file(path, test::content_of(content.path()));
  test::put_file(directory.file("to"), "");
  const Result<std::uint64_t> copied = system_copy(must_open(path), directory.file("to"), nullptr);
  CHECK(remove_file(path));
  REQUIRE_MESSAGE(copied, copied.error().line());
  CHECK(*copied == 2 * kMiB + 5);
  CHECK((test::content_of(directory.file("to")) == test::content_of(content.path())));
}

TEST_CASE("system_copy: from a file that has content but no size") {
  const TempDirectory directory;
  test::put_file(directory.file("to"), "");
  const Result<std::uint64_t> copied =
      system_copy(must_open("/proc/self/cmdline"), directory.file("to"), nullptr);
  if (!copied) {
    CHECK(copied.error().code == EINVAL);  // not supported by some kernels
    return;
  }
  CHECK(*copied > 0);
  CHECK(test::content_of(directory.file("to")) == test::content_of("/proc/self/cmdline"));
}

}  // namespace
}  // namespace aiobench::os
