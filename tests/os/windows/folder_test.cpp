// Proves that the program's own files go away also where they are marked read-only, as a copy of a
// read-only file is before it has its name; that a read-only file is replaced; and that the cache
// folder is the one that scripts/run names.
#include "os/atomic_file.h"
#include "os/directory.h"

#include <doctest/doctest.h>
#include <windows.h>

#include "os/temp_folder.h"
#include "os/windows/path.h"

namespace aiobench::os {
namespace {

using test::TempFolder;

void mark_read_only(const std::string& path) {
  REQUIRE(SetFileAttributesW(system_path(path).c_str(), FILE_ATTRIBUTE_READONLY));
}

TEST_CASE("remove_own_file removes a read-only file, which remove_file may refuse") {
  const TempFolder folder;
  test::put_file(folder.file("f"), "text");
  mark_read_only(folder.file("f"));
  CHECK(remove_own_file(folder.file("f")));
  CHECK(folder.names().empty());
  CHECK_FALSE(remove_own_file(folder.file("f")));
}

TEST_CASE("Replacement: a read-only temporary file is renamed, and removed") {
  const TempFolder folder;
  for (const bool committed : {false, true}) {
    Result<Replacement> next = Replacement::begin(folder.file("f"));
    REQUIRE(next);
    mark_read_only(next->temporary());
    if (committed) CHECK(next->commit());
  }
  CHECK(folder.names() == std::vector<std::string>{"f"});
  CHECK(remove_own_file(folder.file("f")));
}

TEST_CASE("rename_file replaces a read-only file, and leaves it so where that fails") {
  const TempFolder folder;
  test::put_file(folder.file("new"), "new");
  test::put_file(folder.file("f"), "old");
  mark_read_only(folder.file("f"));
  CHECK_FALSE(rename_file(folder.file("missing"), folder.file("f")));
  CHECK((GetFileAttributesW(system_path(folder.file("f")).c_str()) & FILE_ATTRIBUTE_READONLY) != 0);
  const Status renamed = rename_file(folder.file("new"), folder.file("f"));
  REQUIRE_MESSAGE(renamed, renamed.error().line());
  CHECK(test::content_of(folder.file("f")) == "new");
  CHECK(folder.names() == std::vector<std::string>{"f"});
}

TEST_CASE("cache_folder is the named one, which is made, or else below the user's folder") {
  const TempFolder folder;
  const std::string named = join_path(folder.file("new"), "cache");
  REQUIRE(SetEnvironmentVariableW(L"AIOBENCH_CACHE_FOLDER", widen(named).c_str()));
  const Result<std::string> found = cache_folder();
  SetEnvironmentVariableW(L"AIOBENCH_CACHE_FOLDER", nullptr);
  REQUIRE_MESSAGE(found, found.error().line());
  CHECK(*found == named);
  CHECK(kind_of(named) == PathKind::folder);
  const Result<std::string> usual = cache_folder();
  REQUIRE_MESSAGE(usual, usual.error().line());
  CHECK(usual->ends_with("\\aiobench\\cache"));
  CHECK(remove_folder(named));
}

}  // namespace
}  // namespace aiobench::os
