// Proves that a file which is to be nobody else's business is that from its first moment on.
#include <doctest/doctest.h>
#include <sys/stat.h>

#include "os/atomic_file.h"
#include "os/directory.h"
#include "os/temp_folder.h"

namespace aiobench::os {
namespace {

mode_t mode_of(const std::string& path) {
  struct stat facts {};
  REQUIRE(::stat(path.c_str(), &facts) == 0);
  return facts.st_mode & 07777;
}

TEST_CASE("Replacement: made for its owner only, or as the user's mask says") {
  const test::TempFolder folder;
  const std::string path = join_path(folder.path(), "file");
  {
    const Result<Replacement> secret = Replacement::begin(path, true);
    REQUIRE(secret);
    CHECK(mode_of(secret->temporary()) == 0600);
  }
  const mode_t mask = ::umask(0022);
  const Result<Replacement> plain = Replacement::begin(path);
  ::umask(mask);
  REQUIRE(plain);
  CHECK(mode_of(plain->temporary()) == 0644);
}

}  // namespace
}  // namespace aiobench::os
