// Proves that the program's own files can be removed although they are read-only, like the copy of
// a read-only file before it is renamed; that a read-only file is replaced; and that the cache
// directory is the one that scripts/run sets.
#include "os/directory.h"
#include "os/atomic_file.h"

#include <windows.h>

#include <doctest/doctest.h>

#include "os/temp_directory.h"
#include "os/windows/native.h"

namespace aiobench::os {
namespace {

using test::TempDirectory;

void mark_read_only(const std::string& path) {
  REQUIRE(SetFileAttributesW(system_path(path).c_str(), FILE_ATTRIBUTE_READONLY));
}

TEST_CASE("remove_own_file removes a read-only file, which remove_file may refuse") {
  const TempDirectory directory;
  test::put_file(directory.file("f"), "text");
  mark_read_only(directory.file("f"));
  CHECK(remove_own_file(directory.file("f")));
  CHECK(directory.names().empty());
  CHECK_FALSE(remove_own_file(directory.file("f")));
}

TEST_CASE("AtomicFile: a read-only temporary file is renamed, and removed") {
  const TempDirectory directory;
  for (const bool committed : {false, true}) {
    Result<AtomicFile> next = AtomicFile::begin(directory.file("f"));
    REQUIRE(next);
    mark_read_only(next->temporary());
    if (committed) CHECK(next->commit());
  }
  CHECK(directory.names() == std::vector<std::string>{"f"});
  CHECK(remove_own_file(directory.file("f")));
}

TEST_CASE("rename_file replaces a read-only file, and leaves it read-only if that fails") {
  const TempDirectory directory;
  test::put_file(directory.file("new"), "new");
  test::put_file(directory.file("f"), "old");
  mark_read_only(directory.file("f"));
  CHECK_FALSE(rename_file(directory.file("missing"), directory.file("f")));
  CHECK((GetFileAttributesW(system_path(directory.file("f")).c_str()) & FILE_ATTRIBUTE_READONLY) !=
        0);
  const Status renamed = rename_file(directory.file("new"), directory.file("f"));
  REQUIRE_MESSAGE(renamed, renamed.error().line());
  CHECK(test::content_of(directory.file("f")) == "new");
  CHECK(directory.names() == std::vector<std::string>{"f"});
}

TEST_CASE(
    "cache_directory is the one that is set, or otherwise in the user's directory, and is "
    "created") {
  const TempDirectory directory;
  const std::string named = join_path(directory.file("new"), "cache");
  REQUIRE(SetEnvironmentVariableW(L"AIOBENCH_CACHE_DIRECTORY", widen(named).c_str()));
  const Result<std::string> found = cache_directory();
  SetEnvironmentVariableW(L"AIOBENCH_CACHE_DIRECTORY", nullptr);
  REQUIRE_MESSAGE(found, found.error().line());
  CHECK(*found == named);
  CHECK(kind_of(named) == PathKind::directory);
  const Result<std::string> usual = cache_directory();
  REQUIRE_MESSAGE(usual, usual.error().line());
  CHECK(usual->ends_with("\\aiobench\\cache"));
  CHECK(remove_directory(named));
}

}  // namespace
}  // namespace aiobench::os
