// Proves that a File reads and writes at any offset, also beyond 4 GiB, distinguishes the end of
// the file from an error, refuses what is not a file with a clear error, and closes its handle.
#include "os/file.h"

#include <doctest/doctest.h>

#include <array>
#include <bit>
#include <cstring>
#include <string>
#include <utility>
#include <vector>

#include "base/units.h"
#include "os/directory.h"
#include "os/open_file.h"
#include "os/temp_directory.h"

namespace aiobench::os {
namespace {

using test::TempDirectory;

// Reads at most `bytes` bytes at `offset`, with one call.
std::string read_text(const File& file, std::uint32_t bytes, FileOffset offset) {
  std::string text(bytes, '?');
  const Transferred got = file.read_at(reinterpret_cast<std::byte*>(text.data()), bytes, offset);
  REQUIRE(got.error == 0);
  REQUIRE(got.bytes <= bytes);
  return text.substr(0, got.bytes);
}

TEST_CASE("File: opening a missing file is an error that names it, and does not create it") {
  const TempDirectory directory;
  const std::string path = directory.file("no such file");
  const Result<File> file = File::open(path, {});
  REQUIRE_FALSE(file);
  CHECK(file.error().kind == Error::Kind::system);
  CHECK(file.error().code != 0);
  CHECK(file.error().path == path);
  CHECK(file.error().operation == "open");
  CHECK_FALSE(file.error().cause.empty());
  CHECK_FALSE(file.error().hint.empty());
  CHECK_FALSE(File::open(path, {.access = Access::write}));
  CHECK_FALSE(
      File::open(directory.file("no directory/file"), {.access = Access::write, .create = true}));
  CHECK(directory.names().empty());
}

TEST_CASE("File: a directory is refused as a directory") {
  const TempDirectory directory;
  for (const Access access : {Access::read, Access::write, Access::read_write}) {
    const Result<File> file = File::open(directory.path(), {.access = access});
    REQUIRE_FALSE(file);
    CHECK(file.error().code != 0);
    CHECK(file.error().path == directory.path());
    CHECK(file.error().hint.find("files in the directory") != std::string::npos);
  }
}

TEST_CASE("File: create makes a new file and refuses an existing one") {
  const TempDirectory directory;
  const std::string path = directory.file("new.bin");
  {
    const File file = must_open(path, {.access = Access::write, .create = true});
    write_text(file, "first");
  }
  const Result<File> again = File::open(path, {.access = Access::write, .create = true});
  REQUIRE_FALSE(again);
  CHECK(again.error().path == path);
  CHECK_FALSE(again.error().hint.empty());
  CHECK(test::content_of(path) == "first");
}

TEST_CASE("File: size follows writes and resize, and resize makes zeros") {
  const TempDirectory directory;
  File file = must_open(directory.file("f"), {.access = Access::read_write, .create = true});
  const auto size = [&] {
    const Result<std::uint64_t> bytes = file.size();
    REQUIRE(bytes);
    return *bytes;
  };
  CHECK(size() == 0);
  write_text(file, "hello");
  CHECK(size() == 5);
  write_text(file, "x", 12344);
  CHECK(size() == 12345);
  CHECK(read_text(file, 10, 0) == std::string("hello") + std::string(5, '\0'));
  CHECK(file.resize(3));
  CHECK(size() == 3);
  CHECK(file.resize(8));
  CHECK(read_text(file, 100, 0) == std::string("hel") + std::string(5, '\0'));
  CHECK(file.flush());
}

TEST_CASE("File: read_at is short at the end of the file, and 0 at and beyond it") {
  const TempDirectory directory;
  const std::string path = directory.file("f");
  test::put_file(path, "0123456789");
  const File file = must_open(path);
  CHECK(read_text(file, 4, 0) == "0123");
  CHECK(read_text(file, 4, 8) == "89");
  CHECK(read_text(file, 10, 0) == "0123456789");
  CHECK(read_text(file, 4, 9) == "9");
  for (const FileOffset offset :
       {FileOffset{10}, FileOffset{11}, FileOffset{4096}, FileOffset{5} * kGiB}) {
    CAPTURE(offset);
    CHECK(read_text(file, 4, offset).empty());
  }
  test::put_file(directory.file("empty"), "");
  CHECK(read_text(must_open(directory.file("empty")), 512, 0).empty());
}

TEST_CASE("File: offsets beyond 4 GiB, in a file that is mostly a hole") {
  const TempDirectory directory;
  File file = must_open(directory.file("f"), {.access = Access::read_write, .create = true});
  const std::vector<std::pair<FileOffset, std::string>> marks = {{0, "at zero"},
                                                                 {2 * kGiB - 3, "across 2 GiB"},
                                                                 {4 * kGiB - 3, "across 4 GiB"},
                                                                 {4 * kGiB + 4097, "behind it"},
                                                                 {6 * kGiB + 1, "last"}};
  for (const auto& [offset, text] : marks) write_text(file, text, offset);
  for (const auto& row : marks) {
    const auto& [offset, text] = row;
    CAPTURE(row.first);
    CHECK(read_text(file, static_cast<std::uint32_t>(text.size()), offset) == text);
  }
  // Nothing was written at the same offset modulo 4 GiB.
  CHECK(read_text(file, 9, 4097) == std::string(9, '\0'));
  const Result<std::uint64_t> size = file.size();
  REQUIRE(size);
  CHECK(*size == 6 * kGiB + 1 + 4);
  CHECK(read_text(file, 16, *size).empty());
  CHECK(file.resize(5 * kGiB));
  CHECK(*file.size() == 5 * kGiB);
  CHECK(read_text(file, 4, 6 * kGiB + 1).empty());
}

TEST_CASE("File: no transfer moves a file pointer") {
  const TempDirectory directory;
  const File file = must_open(directory.file("f"), {.access = Access::read_write, .create = true});
  write_text(file, "abcdef", 0);
  CHECK(read_text(file, 2, 0) == "ab");
  CHECK(read_text(file, 2, 0) == "ab");
  write_text(file, "XY", 0);
  write_text(file, "Z", 0);
  CHECK(read_text(file, 6, 0) == "ZYcdef");
}

TEST_CASE("File: an operation that it was not opened for is an error") {
  const TempDirectory directory;
  const std::string path = directory.file("f");
  test::put_file(path, "text");
  std::array<std::byte, 4> data{};
  const File reader = must_open(path, {.access = Access::read});
  CHECK(reader.write_at(data.data(), 4, 0).error != 0);
  File writer = must_open(path, {.access = Access::write});
  CHECK(writer.read_at(data.data(), 4, 0).error != 0);
  CHECK(writer.resize(2));
  File resized = must_open(path, {.access = Access::read});
  const Status refused = resized.resize(0);
  REQUIRE_FALSE(refused);
  CHECK(refused.error().path == path);
  CHECK(test::content_of(path) == "te");
}

TEST_CASE("File: a move transfers the handle, and no handle is closed twice") {
  const TempDirectory directory;
  test::put_file(directory.file("a"), "of a");
  test::put_file(directory.file("b"), "of b");
  File first = must_open(directory.file("a"));
  const NativeHandle handle = first.handle();
  File second = std::move(first);
  CHECK_FALSE(first.is_open());  // NOLINT: the moved-from state is tested
  CHECK(first.handle() == kNoHandle);
  CHECK(second.handle() == handle);
  CHECK(second.path() == directory.file("a"));
  CHECK(read_text(second, 4, 0) == "of a");
  {
    File other = must_open(directory.file("b"));
    second = std::move(other);
    CHECK(other.handle() != second.handle());  // NOLINT: as above
  }
  CHECK(second.path() == directory.file("b"));
  CHECK(read_text(second, 4, 0) == "of b");
  File none;
  CHECK_FALSE(none.is_open());
  none = std::move(second);
  CHECK(read_text(none, 4, 0) == "of b");
}

TEST_CASE("File: close closes once, and does nothing on a closed file") {
  const TempDirectory directory;
  test::put_file(directory.file("f"), "text");
  File file = must_open(directory.file("f"));
  REQUIRE(file.is_open());
  CHECK(file.close());
  CHECK_FALSE(file.is_open());
  CHECK(file.close());
  std::array<std::byte, 4> data{};
  CHECK(file.read_at(data.data(), 4, 0).error != 0);
  CHECK_FALSE(file.size());
}

TEST_CASE("File: direct_alignment is a power of two and a valid block size") {
  const TempDirectory directory;
  test::put_file(directory.file("f"), "text");
  const File file = must_open(directory.file("f"));
  const std::uint32_t alignment = file.direct_alignment();
  CHECK(std::has_single_bit(alignment));
  CHECK(alignment >= 1);
  CHECK(alignment <= 64 * kKiB);
}

TEST_CASE("File: names with blanks, quotes, a leading dash, and letters beyond ASCII") {
  const TempDirectory directory;
  for (const char* name :
       {"a b  c", "-n", "--depth", "it's", "a&b;c$d%e", "gr\xc3\xbc\xc3\x9f dich",
        "\xe6\x97\xa5\xe6\x9c\xac\xe8\xaa\x9e.bin", "\xf0\x9f\x92\xbe", "[x]{y}(z)"}) {
    CAPTURE(name);
    const std::string path = directory.file(name);
    write_text(must_open(path, {.access = Access::write, .create = true}), name);
    CHECK(directory.names() == std::vector<std::string>{name});
    CHECK(test::content_of(path) == name);
    CHECK(remove_file(path));
  }
}

TEST_CASE("File: a path of more than 260 characters") {
  const TempDirectory directory;
  std::string deep = directory.path();
  for (int i = 0; i < 6; ++i) deep = join_path(deep, std::string(60, 'd'));
  REQUIRE(make_directories(deep));
  const std::string path = join_path(deep, "file with a name.bin");
  REQUIRE(path.size() > 360);
  write_text(must_open(path, {.access = Access::write, .create = true}), "deep");
  CHECK(exists(path));
  CHECK(test::content_of(path) == "deep");
  CHECK(remove_file(path));
  CHECK_FALSE(exists(path));
}

}  // namespace
}  // namespace aiobench::os
