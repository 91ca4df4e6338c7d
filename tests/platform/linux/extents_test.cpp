// Proves that Linux' holes are found where they are, that looking for them moves no file pointer,
// and that only the extents take space in a file that is made after them.
#include "platform/extents.h"

#include <doctest/doctest.h>
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <string>

#include "base/size.h"
#include "platform/temp_folder.h"
#include "support/temp_file.h"

namespace aiobench::platform {
namespace {

using test::random_bytes;
using test::TempFile;
using test::TempFolder;

// Not every file system knows holes.
bool has_holes(const std::string& path) {
  const int fd = ::open(path.c_str(), O_RDONLY | O_CLOEXEC);
  const bool known = fd >= 0 && ::lseek(fd, 0, SEEK_HOLE) == 0;
  if (fd >= 0) ::close(fd);
  if (!known) MESSAGE("skipped: this file system tells no holes");
  return known;
}

std::uint64_t allocated_bytes(const std::string& path) {
  struct stat facts {};
  REQUIRE(::stat(path.c_str(), &facts) == 0);
  return static_cast<std::uint64_t>(facts.st_blocks) * 512;
}

File must_open(const std::string& path) {
  Result<File> file = File::open(path, {});
  REQUIRE_MESSAGE(file, file.error().line());
  return file.take();
}

TEST_CASE("data_extents: two stretches of data between holes, and none in a hole alone") {
  const TempFile file = TempFile::sparse(64 * kMiB);
  if (!has_holes(file.path())) return;
  CHECK(data_extents(must_open(file.path()), 64 * kMiB)->empty());
  file.write(8 * kMiB, random_bytes(kMiB, 1));
  file.write(32 * kMiB, random_bytes(2 * kMiB, 2));
  const Result<std::vector<Extent>> extents = data_extents(must_open(file.path()), 64 * kMiB);
  REQUIRE_MESSAGE(extents, extents.error().line());
  REQUIRE(extents->size() == 2);
  CHECK((*extents)[0].offset == 8 * kMiB);
  CHECK((*extents)[0].bytes == kMiB);
  CHECK((*extents)[1].offset == 32 * kMiB);
  CHECK((*extents)[1].bytes == 2 * kMiB);
  // Cut where it is asked for: in an extent, and in the hole between.
  CHECK((*data_extents(must_open(file.path()), 33 * kMiB))[1].bytes == kMiB);
  CHECK(data_extents(must_open(file.path()), 20 * kMiB)->size() == 1);
}

TEST_CASE("data_extents: the file pointer stays where it is") {
  const TempFile data = TempFile::sparse(kMiB);
  const File file = must_open(data.path());
  const int fd = static_cast<int>(file.handle());
  REQUIRE(::lseek(fd, 12'345, SEEK_SET) == 12'345);
  REQUIRE(data_extents(file, kMiB));
  CHECK(::lseek(fd, 0, SEEK_CUR) == 12'345);
}

TEST_CASE("data_extents: a file that may be written only is one extent, or as it is for root") {
  const TempFile data(random_bytes(kMiB, 3));
  const Result<File> file = File::open(data.path(), {.access = Access::write});
  REQUIRE(file);
  const Result<std::vector<Extent>> extents = data_extents(*file, kMiB);
  REQUIRE(extents);
  REQUIRE(extents->size() == 1);
  CHECK((*extents)[0].bytes == kMiB);
}

TEST_CASE("reserve_extents: space is taken by the extents alone") {
  const TempFolder folder;
  const std::string path = folder.file("f");
  Result<File> file = File::open(path, {.access = Access::write, .create = true});
  REQUIRE(file);
  const std::vector<Extent> extents = {{4 * kMiB, kMiB}, {20 * kMiB, 2 * kMiB}};
  const Status reserved = reserve_extents(*file, extents, 64 * kMiB);
  REQUIRE_MESSAGE(reserved, reserved.error().line());
  if (::fallocate(static_cast<int>(file->handle()), 0, 0, 1) != 0 && errno == EOPNOTSUPP) {
    MESSAGE("skipped: this file system reserves no space");
    return;
  }
  CHECK(allocated_bytes(path) >= 3 * kMiB);
  CHECK(allocated_bytes(path) < 4 * kMiB);
}

TEST_CASE("reserve_extents: more than any disk holds is an error, before anything is written") {
  const TempFolder folder;
  Result<File> file = File::open(folder.file("f"), {.access = Access::write, .create = true});
  REQUIRE(file);
  const Status reserved = reserve_extents(*file, {}, UINT64_MAX);
  REQUIRE_FALSE(reserved);
  CHECK(reserved.error().code == EFBIG);
}

}  // namespace
}  // namespace aiobench::platform
