// Proves the place of the cache directory on Linux, and that directories without permission and
// links are handled as the headers state.
#include "os/directory.h"
#include "os/atomic_file.h"

#include <doctest/doctest.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <cstdlib>
#include <optional>
#include <string>
#include <vector>

#include "base/units.h"
#include "os/linux/unprivileged.h"
#include "os/temp_directory.h"

namespace aiobench::os {
namespace {

using test::TempDirectory;

// Sets or unsets a variable until the end of a test.
class Variable {
 public:
  Variable(const char* name, const std::optional<std::string>& value) : name_(name) {
    const char* const old = std::getenv(name);
    if (old != nullptr) old_ = old;
    set(value);
  }
  ~Variable() { set(old_); }
  Variable(const Variable&) = delete;
  Variable& operator=(const Variable&) = delete;

 private:
  void set(const std::optional<std::string>& value) {
    if (value) {
      ::setenv(name_, value->c_str(), 1);
    } else {
      ::unsetenv(name_);
    }
  }
  const char* name_;
  std::optional<std::string> old_;
};

TEST_CASE("cache_directory is created in $XDG_CACHE_HOME, or otherwise in ~/.cache") {
  const TempDirectory directory;
  {
    const Variable cache("XDG_CACHE_HOME", directory.file("x/cache"));
    const Variable home("HOME", directory.file("home"));
    const Result<std::string> found = cache_directory();
    REQUIRE(found);
    CHECK(*found == directory.file("x/cache/aiobench"));
    CHECK(exists(*found));
    CHECK_FALSE(exists(directory.file("home")));
  }
  for (const std::optional<std::string>& unset : {std::optional<std::string>(), {""}}) {
    const Variable cache("XDG_CACHE_HOME", unset);
    const Variable home("HOME", directory.file("home"));
    const Result<std::string> found = cache_directory();
    REQUIRE(found);
    CHECK(*found == directory.file("home/.cache/aiobench"));
    CHECK(exists(*found));
    CHECK(*cache_directory() == *found);
  }
}

TEST_CASE("cache_directory without a home directory is an error that states what to set") {
  const Variable cache("XDG_CACHE_HOME", std::nullopt);
  const Variable home("HOME", std::nullopt);
  const Result<std::string> found = cache_directory();
  REQUIRE_FALSE(found);
  CHECK(found.error().line().find("HOME") != std::string::npos);
  CHECK_FALSE(found.error().hint.empty());
}

TEST_CASE("a directory without permission to write: can_write and write_file agree") {
  const TempDirectory directory;
  REQUIRE(::chmod(directory.path().c_str(), 0500) == 0);
  {
    const test::Unprivileged user;
    if (!user) {
      MESSAGE("skipped: root may write into every directory, and cannot become another user");
      return;
    }
    const Status possible = can_write(directory.file("f"));
    REQUIRE_FALSE(possible);
    CHECK(possible.error().code == EACCES);
    CHECK(possible.error().path == directory.file("f"));
    CHECK_FALSE(write_file(directory.file("f"), "text"));
  }
  REQUIRE(::chmod(directory.path().c_str(), 0700) == 0);
  CHECK(directory.names().empty());
}

TEST_CASE("flush_directory_of a missing directory is an error that names it") {
  const TempDirectory directory;
  const Status flushed = flush_directory_of(directory.file("no directory/f"));
  REQUIRE_FALSE(flushed);
  CHECK(flushed.error().code == ENOENT);
  CHECK(flushed.error().path == directory.file("no directory"));
}

TEST_CASE("read_file reads a file whose size is unknown in advance") {
  const Result<std::string> text = read_file("/proc/self/status", kMiB);
  REQUIRE_MESSAGE(text, text.error().line());
  CHECK(text->find("Pid:") != std::string::npos);
}

TEST_CASE("names may be any bytes, and long") {
  const TempDirectory directory;
  for (const std::string& name : {std::string("\xff\xfe not UTF-8"), std::string("a\nb\tc"),
                                  std::string("back\\slash"), std::string(240, 'n')}) {
    CAPTURE(name);
    const Status written = write_file(directory.file(name), "text");
    REQUIRE_MESSAGE(written, written.error().line());
    CHECK(test::content_of(directory.file(name)) == "text");
    CHECK(can_write(directory.file(name)));
    CHECK(remove_file(directory.file(name)));
  }
  CHECK(directory.names().empty());
}

}  // namespace
}  // namespace aiobench::os
