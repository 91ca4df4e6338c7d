// Proves that a copy gets the times and the attributes of its source, keeps its own creation time,
// and can be renamed if it is read-only.
#include "os/file.h"

#include <windows.h>

#include <doctest/doctest.h>

#include <string>

#include "os/directory.h"
#include "os/open_file.h"
#include "os/temp_directory.h"
#include "os/windows/native.h"
#include "os/windows/wine.h"

namespace aiobench::os {
namespace {

using test::TempDirectory;

FILE_BASIC_INFO info_of(const std::string& path) {
  const File file = must_open(path);
  FILE_BASIC_INFO info{};
  REQUIRE(GetFileInformationByHandleEx(reinterpret_cast<HANDLE>(file.handle()), FileBasicInfo,
                                       &info, sizeof(info)));
  return info;
}

void set_times(const std::string& path, LONGLONG accessed, LONGLONG written) {
  const File file = must_open(path, {.access = Access::write});
  FILE_BASIC_INFO wanted{};
  wanted.LastAccessTime.QuadPart = accessed;
  wanted.LastWriteTime.QuadPart = written;
  REQUIRE(SetFileInformationByHandle(reinterpret_cast<HANDLE>(file.handle()), FileBasicInfo,
                                     &wanted, sizeof(wanted)));
}

Status copy(const std::string& from, const std::string& to) {
  return copy_attributes(must_open(from), must_open(to, {.access = Access::write}));
}

TEST_CASE("copy_attributes: the times of the last access and the last change, to 100 ns") {
  const TempDirectory directory;
  test::put_file(directory.file("from"), "text");
  test::put_file(directory.file("to"), "copy");
  constexpr LONGLONG kIn2020 = 132'223'104'001'234'567;
  // Wine reads a part of a file to report its times, and Linux updates the access time only if it
  // is older than the others.
  constexpr LONGLONG kIn2090 = 154'313'424'001'234'567;
  set_times(directory.file("from"), kIn2090, kIn2020);
  const LONGLONG made = info_of(directory.file("to")).CreationTime.QuadPart;
  const Status copied = copy(directory.file("from"), directory.file("to"));
  REQUIRE_MESSAGE(copied, copied.error().line());
  const FILE_BASIC_INFO to = info_of(directory.file("to"));
  CHECK(to.LastAccessTime.QuadPart == kIn2090);
  CHECK(to.LastWriteTime.QuadPart == kIn2020);
  // Wine reports the time of the last change as the creation time.
  if (!under_wine()) CHECK(to.CreationTime.QuadPart == made);
  CHECK(test::content_of(directory.file("to")) == "copy");
}

TEST_CASE("copy_attributes: attributes are set and cleared") {
  const TempDirectory directory;
  const std::string from = directory.file("from");
  const std::string to = directory.file("to");
  test::put_file(from, "text");
  test::put_file(to, "copy");
  constexpr DWORD kMask = FILE_ATTRIBUTE_READONLY | FILE_ATTRIBUTE_HIDDEN | FILE_ATTRIBUTE_SYSTEM |
                          FILE_ATTRIBUTE_ARCHIVE;
  for (const DWORD attributes : {DWORD{FILE_ATTRIBUTE_HIDDEN}, DWORD{FILE_ATTRIBUTE_NORMAL},
                                 DWORD{FILE_ATTRIBUTE_SYSTEM | FILE_ATTRIBUTE_ARCHIVE}}) {
    CAPTURE(attributes);
    REQUIRE(SetFileAttributesW(system_path(from).c_str(), attributes));
    REQUIRE(copy(from, to));
    CHECK((info_of(to).FileAttributes & kMask) == (info_of(from).FileAttributes & kMask));
  }
}

TEST_CASE("copy_attributes: a read-only copy can be renamed") {
  const TempDirectory directory;
  test::put_file(directory.file("from"), "text");
  test::put_file(directory.file("to"), "copy");
  REQUIRE(SetFileAttributesW(system_path(directory.file("from")).c_str(), FILE_ATTRIBUTE_READONLY));
  REQUIRE(copy(directory.file("from"), directory.file("to")));
  CHECK((info_of(directory.file("to")).FileAttributes & FILE_ATTRIBUTE_READONLY) != 0);
  CHECK(rename_file(directory.file("to"), directory.file("renamed")));
  CHECK(remove_own_file(directory.file("renamed")));
  CHECK(remove_own_file(directory.file("from")));
}

}  // namespace
}  // namespace aiobench::os
