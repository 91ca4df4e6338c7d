// Proves that the program's own files go away also where they are marked read-only, as a copy of a
// read-only file is before it has its name.
#include "platform/folder.h"
#include "platform/whole_file.h"

#include <doctest/doctest.h>
#include <windows.h>

#include "platform/temp_folder.h"
#include "platform/windows/wide_path.h"

namespace aiobench::platform {
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
    REQUIRE(next->release());
    mark_read_only(next->temporary());
    if (committed) CHECK(next->commit());
  }
  CHECK(folder.names() == std::vector<std::string>{"f"});
  CHECK(remove_own_file(folder.file("f")));
}

}  // namespace
}  // namespace aiobench::platform
