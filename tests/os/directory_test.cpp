// Proves that whole files are read and written unchanged, that no half-written file or leftover is
// visible, and that names and directories are handled the same on both systems.
#include "os/directory.h"
#include "os/atomic_file.h"

#include <doctest/doctest.h>

#include <string>
#include <vector>

#include "base/units.h"
#include "os/temp_directory.h"
#include "support/temp_file.h"

namespace aiobench::os {
namespace {

using test::content_of;
using test::put_file;
using test::TempDirectory;
using Names = std::vector<std::string>;

std::string random_text(std::size_t bytes) {
  const std::vector<std::byte> data = test::random_bytes(bytes, bytes);
  return {reinterpret_cast<const char*>(data.data()), data.size()};
}

TEST_CASE("write_file and read_file give back the same bytes") {
  const TempDirectory directory;
  const std::string path = directory.file("f");
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
    CHECK(directory.names() == Names{"f"});
  }
}

TEST_CASE("file_names_in lists only the files of a directory, in order") {
  const TempDirectory directory;
  CHECK(file_names_in(directory.path())->empty());
  for (const char* name : {"b.json", "a", "\u00fc.json", "B"}) put_file(directory.file(name), "x");
  REQUIRE(make_directories(directory.file("within")));
  const Result<Names> names = file_names_in(directory.path());
  REQUIRE_MESSAGE(names, names.error().line());
  CHECK(*names == Names{"B", "a", "b.json", "\u00fc.json"});
  for (const char* path : {"missing", "a"}) {
    const Result<Names> none = file_names_in(directory.file(path));
    REQUIRE_FALSE(none);
    CHECK(none.error().operation == "list the directory");
    CHECK(none.error().code != 0);
  }
}

TEST_CASE("read_file refuses a file that is larger than the limit") {
  const TempDirectory directory;
  const std::string path = directory.file("f");
  put_file(path, "0123456789");
  CHECK(read_file(path, 10));
  CHECK(read_file(path, UINT64_MAX));
  for (const std::uint64_t max : {0u, 1u, 9u}) {
    CAPTURE(max);
    const Result<std::string> text = read_file(path, max);
    REQUIRE_FALSE(text);
    CHECK(text.error().path == path);
    CHECK(text.error().line().find("larger than") != std::string::npos);
  }
  put_file(directory.file("large"), random_text(2 * kMiB + 1));
  CHECK(read_file(directory.file("large"), 2 * kMiB + 1));
  CHECK_FALSE(read_file(directory.file("large"), 2 * kMiB));
  // The read does not even begin if the size is known: there would not be enough memory.
  const test::TempFile huge = test::TempFile::sparse(1024 * kGiB);
  CHECK_FALSE(read_file(huge.path(), 1024 * kGiB - 1));
  put_file(directory.file("empty"), "");
  const Result<std::string> empty = read_file(directory.file("empty"), 0);
  REQUIRE(empty);
  CHECK(empty->empty());
}

TEST_CASE("read_file of a missing file or a directory is an error with the path") {
  const TempDirectory directory;
  for (const std::string& path : {directory.file("missing"), directory.path()}) {
    const Result<std::string> text = read_file(path, kMiB);
    REQUIRE_FALSE(text);
    CHECK(text.error().kind == Error::Kind::system);
    CHECK(text.error().path == path);
  }
}

TEST_CASE("write_file replaces a whole file, and removes the leftover of a killed program") {
  const TempDirectory directory;
  const std::string path = directory.file("f");
  put_file(path, "a longer text that was there");
  put_file(path + ".aiobench-part", "half a file");
  REQUIRE(write_file(path, "short"));
  CHECK(content_of(path) == "short");
  CHECK(directory.names() == Names{"f"});
}

TEST_CASE("a write_file that fails is an error and leaves nothing behind") {
  const TempDirectory directory;
  const std::string inside = directory.file("no directory/f");
  CHECK_FALSE(write_file(inside, "text"));
  CHECK(directory.names().empty());

  REQUIRE(make_directories(directory.file("a directory")));
  const Status over_directory = write_file(directory.file("a directory"), "text");
  REQUIRE_FALSE(over_directory);
  CHECK(over_directory.error().line().find(directory.file("a directory")) != std::string::npos);
  CHECK(directory.names() == Names{"a directory"});
}

TEST_CASE("can_write changes nothing") {
  const TempDirectory directory;
  CHECK(can_write(directory.file("new")));
  CHECK(directory.names().empty());

  put_file(directory.file("old"), "content");
  CHECK(can_write(directory.file("old")));
  CHECK(content_of(directory.file("old")) == "content");
  CHECK(directory.names() == Names{"old"});
}

TEST_CASE("can_write fails if write_file would fail") {
  const TempDirectory directory;
  REQUIRE(make_directories(directory.file("a directory")));
  for (const std::string& path :
       {directory.file("no directory/f"), directory.file("a directory")}) {
    CAPTURE(path);
    const Status possible = can_write(path);
    REQUIRE_FALSE(possible);
    CHECK(possible.error().path == path);
  }
  CHECK(directory.names() == Names{"a directory"});
}

TEST_CASE("rename_file replaces an existing file") {
  const TempDirectory directory;
  put_file(directory.file("from"), "new");
  put_file(directory.file("to"), "old and longer");
  REQUIRE(rename_file(directory.file("from"), directory.file("to")));
  CHECK(content_of(directory.file("to")) == "new");
  CHECK(directory.names() == Names{"to"});
  REQUIRE(rename_file(directory.file("to"), directory.file("elsewhere")));
  CHECK(directory.names() == Names{"elsewhere"});
}

TEST_CASE("rename_file of a missing file changes nothing") {
  const TempDirectory directory;
  put_file(directory.file("to"), "kept");
  const Status renamed = rename_file(directory.file("missing"), directory.file("to"));
  REQUIRE_FALSE(renamed);
  CHECK(renamed.error().code != 0);
  CHECK(content_of(directory.file("to")) == "kept");
}

TEST_CASE("exists and remove_file") {
  const TempDirectory directory;
  const std::string path = directory.file("f");
  CHECK_FALSE(exists(path));
  put_file(path, "");
  CHECK(exists(path));
  CHECK(exists(directory.path()));
  CHECK(remove_file(path));
  CHECK_FALSE(exists(path));
  const Status again = remove_file(path);
  REQUIRE_FALSE(again);
  CHECK(again.error().path == path);
}

TEST_CASE("make_directories creates what is missing, and accepts what exists") {
  const TempDirectory directory;
  const std::string deep = join_path(join_path(directory.file("a"), "b \xc3\xbc"), "c");
  REQUIRE(make_directories(deep));
  CHECK(exists(deep));
  CHECK(make_directories(deep));
  CHECK(make_directories(directory.path()));
  put_file(join_path(deep, "f"), "x");
  CHECK(content_of(join_path(deep, "f")) == "x");

  put_file(directory.file("file"), "x");
  const Status over_file = make_directories(join_path(directory.file("file"), "d"));
  REQUIRE_FALSE(over_file);
  CHECK_FALSE(over_file.error().cause.empty());
  CHECK_FALSE(make_directories(directory.file("file")));
}

TEST_CASE("join_path puts one separator in between") {
  for (const std::string& joined :
       {join_path("directory", "name"), join_path("directory/", "name")}) {
    CAPTURE(joined);
    CHECK(joined.size() == 14);
    CHECK(joined.substr(0, 9) == "directory");
    CHECK((joined[9] == '/' || joined[9] == '\\'));
    CHECK(joined.substr(10) == "name");
  }
  CHECK(join_path("", "name") == "name");
  CHECK(join_path("/a/b", "name") == "/a/b/name");
}

TEST_CASE("program_directory holds the running program") {
  const std::string directory = program_directory();
  REQUIRE_FALSE(directory.empty());
  CHECK(exists(directory));
  CHECK(
      (exists(join_path(directory, "unit_test")) || exists(join_path(directory, "unit_test.exe"))));
}

}  // namespace
}  // namespace aiobench::os
