// Proves that whole files are read and written as they are, that nobody sees half a file or a
// leftover, and that names and folders are handled alike on both systems.
#include "os/atomic_file.h"
#include "os/directory.h"

#include <doctest/doctest.h>

#include <string>
#include <vector>

#include "base/units.h"
#include "os/temp_folder.h"
#include "support/temp_file.h"

namespace aiobench::os {
namespace {

using test::content_of;
using test::put_file;
using test::TempFolder;
using Names = std::vector<std::string>;

std::string random_text(std::size_t bytes) {
  const std::vector<std::byte> data = test::random_bytes(bytes, bytes);
  return {reinterpret_cast<const char*>(data.data()), data.size()};
}

TEST_CASE("write_file and read_file give back the same bytes") {
  const TempFolder folder;
  const std::string path = folder.file("f");
  for (const std::string& text :
       {std::string(), std::string("line\n"), std::string("a\r\nb\n\x1a\0z", 9),
        random_text(kMiB - 1), random_text(kMiB), random_text(kMiB + 1),
        random_text(3 * kMiB + 17)}) {
    CAPTURE(text.size());
    const Status written = write_file(path, text);
    REQUIRE_MESSAGE(written, written.error().line());
    const Result<std::string> read = read_file(path, text.size());
    REQUIRE_MESSAGE(read, read.error().line());
    CHECK((*read == text));
    CHECK(folder.names() == Names{"f"});
  }
}

TEST_CASE("file_names_in tells the files of a folder alone, in order") {
  const TempFolder folder;
  CHECK(file_names_in(folder.path())->empty());
  for (const char* name : {"b.json", "a", "\u00fc.json", "B"}) put_file(folder.file(name), "x");
  REQUIRE(make_folders(folder.file("within")));
  const Result<Names> names = file_names_in(folder.path());
  REQUIRE_MESSAGE(names, names.error().line());
  CHECK(*names == Names{"B", "a", "b.json", "\u00fc.json"});
  for (const char* path : {"missing", "a"}) {
    const Result<Names> none = file_names_in(folder.file(path));
    REQUIRE_FALSE(none);
    CHECK(none.error().operation == "list the folder");
    CHECK(none.error().code != 0);
  }
}

TEST_CASE("read_file refuses a file that is larger than the limit") {
  const TempFolder folder;
  const std::string path = folder.file("f");
  put_file(path, "0123456789");
  CHECK(read_file(path, 10));
  CHECK(read_file(path, UINT64_MAX));
  for (const std::uint64_t most : {0u, 1u, 9u}) {
    CAPTURE(most);
    const Result<std::string> text = read_file(path, most);
    REQUIRE_FALSE(text);
    CHECK(text.error().path == path);
    CHECK(text.error().line().find("larger than") != std::string::npos);
  }
  put_file(folder.file("large"), random_text(2 * kMiB + 1));
  CHECK(read_file(folder.file("large"), 2 * kMiB + 1));
  CHECK_FALSE(read_file(folder.file("large"), 2 * kMiB));
  // Not even begun, where the size tells: no memory would hold it.
  const test::TempFile huge = test::TempFile::sparse(1024 * kGiB);
  CHECK_FALSE(read_file(huge.path(), 1024 * kGiB - 1));
  put_file(folder.file("empty"), "");
  const Result<std::string> empty = read_file(folder.file("empty"), 0);
  REQUIRE(empty);
  CHECK(empty->empty());
}

TEST_CASE("read_file of what is not there, or is a folder, is an error with the path") {
  const TempFolder folder;
  for (const std::string& path : {folder.file("missing"), folder.path()}) {
    const Result<std::string> text = read_file(path, kMiB);
    REQUIRE_FALSE(text);
    CHECK(text.error().kind == Error::Kind::system);
    CHECK(text.error().path == path);
  }
}

TEST_CASE("write_file replaces the whole of a file, and a leftover of a killed program") {
  const TempFolder folder;
  const std::string path = folder.file("f");
  put_file(path, "a longer text that was there");
  put_file(path + ".aiobench-part", "half a file");
  REQUIRE(write_file(path, "short"));
  CHECK(content_of(path) == "short");
  CHECK(folder.names() == Names{"f"});
}

TEST_CASE("write_file that cannot, says so and leaves nothing") {
  const TempFolder folder;
  const std::string inside = folder.file("no folder/f");
  CHECK_FALSE(write_file(inside, "text"));
  CHECK(folder.names().empty());

  REQUIRE(make_folders(folder.file("a folder")));
  const Status over_folder = write_file(folder.file("a folder"), "text");
  REQUIRE_FALSE(over_folder);
  CHECK(over_folder.error().line().find(folder.file("a folder")) != std::string::npos);
  CHECK(folder.names() == Names{"a folder"});
}

TEST_CASE("can_write changes nothing") {
  const TempFolder folder;
  CHECK(can_write(folder.file("new")));
  CHECK(folder.names().empty());

  put_file(folder.file("old"), "content");
  CHECK(can_write(folder.file("old")));
  CHECK(content_of(folder.file("old")) == "content");
  CHECK(folder.names() == Names{"old"});
}

TEST_CASE("can_write says no where write_file would fail") {
  const TempFolder folder;
  REQUIRE(make_folders(folder.file("a folder")));
  for (const std::string& path : {folder.file("no folder/f"), folder.file("a folder")}) {
    CAPTURE(path);
    const Status possible = can_write(path);
    REQUIRE_FALSE(possible);
    CHECK(possible.error().path == path);
  }
  CHECK(folder.names() == Names{"a folder"});
}

TEST_CASE("rename_file replaces an existing file") {
  const TempFolder folder;
  put_file(folder.file("from"), "new");
  put_file(folder.file("to"), "old and longer");
  REQUIRE(rename_file(folder.file("from"), folder.file("to")));
  CHECK(content_of(folder.file("to")) == "new");
  CHECK(folder.names() == Names{"to"});
  REQUIRE(rename_file(folder.file("to"), folder.file("elsewhere")));
  CHECK(folder.names() == Names{"elsewhere"});
}

TEST_CASE("rename_file of what is not there changes nothing") {
  const TempFolder folder;
  put_file(folder.file("to"), "kept");
  const Status renamed = rename_file(folder.file("missing"), folder.file("to"));
  REQUIRE_FALSE(renamed);
  CHECK(renamed.error().code != 0);
  CHECK(content_of(folder.file("to")) == "kept");
}

TEST_CASE("exists and remove_file") {
  const TempFolder folder;
  const std::string path = folder.file("f");
  CHECK_FALSE(exists(path));
  put_file(path, "");
  CHECK(exists(path));
  CHECK(exists(folder.path()));
  CHECK(remove_file(path));
  CHECK_FALSE(exists(path));
  const Status again = remove_file(path);
  REQUIRE_FALSE(again);
  CHECK(again.error().path == path);
}

TEST_CASE("make_folders makes all that is missing, and takes what is there") {
  const TempFolder folder;
  const std::string deep = join_path(join_path(folder.file("a"), "b \xc3\xbc"), "c");
  REQUIRE(make_folders(deep));
  CHECK(exists(deep));
  CHECK(make_folders(deep));
  CHECK(make_folders(folder.path()));
  put_file(join_path(deep, "f"), "x");
  CHECK(content_of(join_path(deep, "f")) == "x");

  put_file(folder.file("file"), "x");
  const Status over_file = make_folders(join_path(folder.file("file"), "d"));
  REQUIRE_FALSE(over_file);
  CHECK_FALSE(over_file.error().cause.empty());
  CHECK_FALSE(make_folders(folder.file("file")));
}

TEST_CASE("join_path puts one separator between") {
  for (const std::string& joined : {join_path("folder", "name"), join_path("folder/", "name")}) {
    CAPTURE(joined);
    CHECK(joined.size() == 11);
    CHECK(joined.substr(0, 6) == "folder");
    CHECK((joined[6] == '/' || joined[6] == '\\'));
    CHECK(joined.substr(7) == "name");
  }
  CHECK(join_path("", "name") == "name");
  CHECK(join_path("/a/b", "name") == "/a/b/name");
}

TEST_CASE("program_folder holds the running program") {
  const std::string folder = program_folder();
  REQUIRE_FALSE(folder.empty());
  CHECK(exists(folder));
  CHECK((exists(join_path(folder, "unit_test")) || exists(join_path(folder, "unit_test.exe"))));
}

}  // namespace
}  // namespace aiobench::os
