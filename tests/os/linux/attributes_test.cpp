// Proves that a copy gets times (to the nanosecond), permissions and owner of its source, and that
// no set-user-ID bit survives if the owner could not be kept.
#include "os/file.h"

#include <doctest/doctest.h>
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <string>

#include "os/linux/unprivileged.h"
#include "os/open_file.h"
#include "os/temp_directory.h"

namespace aiobench::os {
namespace {

using test::TempDirectory;

constexpr uid_t kNobody = 65534;

struct stat info_of(const std::string& path) {
  struct stat info {};
  REQUIRE(::stat(path.c_str(), &info) == 0);
  return info;
}

mode_t bits_of(const std::string& path) {
  return info_of(path).st_mode & 07777;
}

// From "from" to "to" in `directory`.
struct Pair {
  explicit Pair(const TempDirectory& directory)
      : from(directory.file("from")), to(directory.file("to")) {
    test::put_file(from, "text");
    test::put_file(to, "copy");
  }
  Status copy() const {
    return copy_attributes(must_open(from), must_open(to, {.access = Access::write}));
  }
  std::string from;
  std::string to;
};

TEST_CASE("copy_attributes: times to the nanosecond, also before 1970 and after 2038") {
  const TempDirectory directory;
  const Pair pair(directory);
  for (const time_t second : {time_t{1'600'000'000}, time_t{-5'000}, time_t{4'000'000'000}}) {
    CAPTURE(second);
    const timespec times[] = {{second, 123'456'789}, {second + 7, 987'654'321}};
    REQUIRE(::utimensat(AT_FDCWD, pair.from.c_str(), times, 0) == 0);
    const struct stat from = info_of(pair.from);  // the file system may store less
    const Status copied = pair.copy();
    REQUIRE_MESSAGE(copied, copied.error().line());
    const struct stat to = info_of(pair.to);
    CHECK(to.st_atim.tv_sec == from.st_atim.tv_sec);
    CHECK(to.st_atim.tv_nsec == from.st_atim.tv_nsec);
    CHECK(to.st_mtim.tv_sec == from.st_mtim.tv_sec);
    CHECK(to.st_mtim.tv_nsec == from.st_mtim.tv_nsec);
  }
  CHECK(test::content_of(pair.to) == "copy");
}

TEST_CASE("copy_attributes: all permission bits, whatever the umask") {
  const TempDirectory directory;
  const Pair pair(directory);
  for (const mode_t bits : {0600u, 0777u, 0444u, 0640u, 04755u, 02755u, 01644u}) {
    CAPTURE(bits);
    REQUIRE(::chmod(pair.from.c_str(), bits) == 0);
    REQUIRE(::chmod(pair.to.c_str(), 0644) == 0);
    REQUIRE(pair.copy());
    CHECK(bits_of(pair.to) == bits_of(pair.from));
  }
}

TEST_CASE("copy_attributes: root sets owner and group, and keeps the set-user-ID bit") {
  if (::geteuid() != 0) {
    MESSAGE("skipped: only root can give files away");
    return;
  }
  const TempDirectory directory;
  const Pair pair(directory);
  REQUIRE(::chown(pair.from.c_str(), kNobody, 12345) == 0);
  REQUIRE(::chmod(pair.from.c_str(), 06755) == 0);
  REQUIRE(pair.copy());
  CHECK(info_of(pair.to).st_uid == kNobody);
  CHECK(info_of(pair.to).st_gid == 12345);
  CHECK(bits_of(pair.to) == 06755);
}

TEST_CASE("copy_attributes: if the owner cannot be kept, the set-ID bits are cleared") {
  if (::geteuid() != 0) {
    MESSAGE("skipped: only root can make a file of another user");
    return;
  }
  const gid_t own = ::getegid();
  for (const gid_t group : {own, gid_t{12345}}) {
    CAPTURE(group);
    const TempDirectory directory;
    const Pair pair(directory);
    REQUIRE(::chown(pair.from.c_str(), 0, group) == 0);
    REQUIRE(::chmod(pair.from.c_str(), 06755) == 0);
    REQUIRE(::chown(pair.to.c_str(), kNobody, kNobody) == 0);
    const File from = must_open(pair.from);
    const File to = must_open(pair.to, {.access = Access::write});
    {
      const test::Unprivileged user;
      REQUIRE(user);
      const Status copied = copy_attributes(from, to);
      REQUIRE_MESSAGE(copied, copied.error().line());
    }
    CHECK(info_of(pair.to).st_uid == kNobody);
    // A group that the user is in is kept.
    CHECK(info_of(pair.to).st_gid == (group == own ? own : kNobody));
    CHECK(bits_of(pair.to) == 0755);
    CHECK(info_of(pair.to).st_mtim.tv_nsec == info_of(pair.from).st_mtim.tv_nsec);
  }
}

}  // namespace
}  // namespace aiobench::os
