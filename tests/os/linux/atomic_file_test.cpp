// Proves that a file for its owner only has these permissions from its creation on.
#include <doctest/doctest.h>
#include <sys/stat.h>

#include "os/atomic_file.h"
#include "os/directory.h"
#include "os/temp_directory.h"

namespace aiobench::os {
namespace {

mode_t mode_of(const std::string& path) {
  struct stat info {};
  REQUIRE(::stat(path.c_str(), &info) == 0);
  return info.st_mode & 07777;
}

TEST_CASE("AtomicFile: created for its owner only, or with the permissions of the umask") {
  const test::TempDirectory directory;
  const std::string path = join_path(directory.path(), "file");
  {
    const Result<AtomicFile> secret = AtomicFile::begin(path, true);
    REQUIRE(secret);
    CHECK(mode_of(secret->temporary()) == 0600);
  }
  const mode_t mask = ::umask(0022);
  const Result<AtomicFile> plain = AtomicFile::begin(path);
  ::umask(mask);
  REQUIRE(plain);
  CHECK(mode_of(plain->temporary()) == 0644);
}

}  // namespace
}  // namespace aiobench::os
