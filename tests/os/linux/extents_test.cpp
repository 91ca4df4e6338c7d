// Proves that holes are found on Linux, that looking for them does not move the file pointer, and
// that in a file created from extents only the extents take space.
#include "os/file.h"

#include <doctest/doctest.h>
#include <fcntl.h>
#include <linux/magic.h>
#include <sys/stat.h>
#include <sys/statfs.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <string>

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

// Not every file system supports holes.
bool has_holes(const std::string& path) {
  const int fd = ::open(path.c_str(), O_RDONLY | O_CLOEXEC);
  const bool known = fd >= 0 && ::lseek(fd, 0, SEEK_HOLE) == 0;
  if (fd >= 0) ::close(fd);
  if (!known) MESSAGE("skipped: this file system tells no holes");
  return known;
}

std::uint64_t allocated_bytes(const std::string& path) {
  struct stat info {};
  REQUIRE(::stat(path.c_str(), &info) == 0);
  return static_cast<std::uint64_t>(info.st_blocks) * 512;
}

TEST_CASE("data_extents: two ranges of data between holes, and none in a hole") {
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
  // The requested length ends inside an extent, and inside the hole between.
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

TEST_CASE("data_extents: also for a file that was opened only for writing") {
  const TempFile data(random_bytes(kMiB, 3));
  const Result<File> file = File::open(data.path(), {.access = Access::write});
  REQUIRE(file);
  const Result<std::vector<Extent>> extents = data_extents(*file, kMiB);
  REQUIRE(extents);
  REQUIRE(extents->size() == 1);
  CHECK((*extents)[0].bytes == kMiB);
}

TEST_CASE("reserve_extents: only the extents take space") {
  const TempDirectory directory;
  const std::string path = directory.file("f");
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

// A file system in memory immediately refuses what exceeds its size; a disk would be filled first.
TEST_CASE("reserve_extents: a full file system is reported as such") {
  struct statfs info {};
  if (::statfs("/dev/shm", &info) != 0 || info.f_type != TMPFS_MAGIC || info.f_blocks == 0 ||
      ::access("/dev/shm", W_OK) != 0) {
    MESSAGE("skipped: there is no file system in memory with a limit");
    return;
  }
  const std::string path = "/dev/shm/aiobench-extents-" + std::to_string(::getpid());
  const std::uint64_t max =
      static_cast<std::uint64_t>(info.f_blocks) * static_cast<std::uint64_t>(info.f_bsize);
  Result<File> file = File::open(path, {.access = Access::write, .create = true});
  REQUIRE(file);
  CHECK(remove_file(path));
  CHECK(reserve_extents(*file, {{2 * max, 4096}}, 3 * max));
  const Status reserved = reserve_extents(*file, {{kMiB, max + 4096}}, 3 * max);
  REQUIRE_FALSE(reserved);
  CHECK(reserved.error().code == ENOSPC);
  CHECK(reserved.error().offset == kMiB);
  CHECK(reserved.error().path == path);
}

TEST_CASE("reserve_extents: more than any disk holds is an error before anything is written") {
  const TempDirectory directory;
  Result<File> file = File::open(directory.file("f"), {.access = Access::write, .create = true});
  REQUIRE(file);
  const Status reserved = reserve_extents(*file, {}, UINT64_MAX);
  REQUIRE_FALSE(reserved);
  CHECK(reserved.error().code == EFBIG);
}

}  // namespace
}  // namespace aiobench::os
