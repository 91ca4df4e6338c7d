// Proves that checksum lines are written as xxhsum 0.8.3 writes them, that the forms of all
// versions of xxhsum are read, and that all other lines are malformed.
#include "report/checksum_file.h"

#include <doctest/doctest.h>

#include <array>
#include <string>
#include <vector>

namespace aiobench::report {
namespace {

const std::string k8 = "02cc5d05";
const std::string k16 = "ef46db3751d8e999";
const std::string k32 = "99aa06d3014798d86001c324468d497f";

void check_sum(const std::string& line, const std::string& hash, const std::string& digest,
               const std::string& path) {
  CAPTURE(line);
  const std::optional<ChecksumLine> sum = parse_checksum_line(line);
  REQUIRE(sum);
  CHECK(sum->hash == hash);
  CHECK(sum->digest == digest);
  CHECK(sum->path == path);
}

TEST_CASE("checksum_line writes the lines of xxhsum 0.8.3") {
  CHECK(checksum_line("xxh32", k8, "file") == "02cc5d05  file\n");
  CHECK(checksum_line("xxh64", k16, "a file") == "ef46db3751d8e999  a file\n");
  CHECK(checksum_line("xxh128", k32, "file") == "99aa06d3014798d86001c324468d497f  file\n");
  CHECK(checksum_line("xxh3", "2d06800538d394c2", "file") == "XXH3_2d06800538d394c2  file\n");
}

TEST_CASE("checksum_line writes the lines of xxhsum --tag") {
  CHECK(checksum_line("xxh32", k8, "file", ChecksumForm::bsd) == "XXH32 (file) = 02cc5d05\n");
  CHECK(checksum_line("xxh64", k16, "a file", ChecksumForm::bsd) ==
        "XXH64 (a file) = ef46db3751d8e999\n");
  CHECK(checksum_line("xxh128", k32, "file", ChecksumForm::bsd) ==
        "XXH128 (file) = 99aa06d3014798d86001c324468d497f\n");
  CHECK(checksum_line("xxh3", k16, "file", ChecksumForm::bsd) ==
        "XXH3 (file) = ef46db3751d8e999\n");
}

TEST_CASE("checksum_line escapes only names that contain a backslash or a line end") {
  CHECK(checksum_line("xxh64", k16, "a\nb") == "\\ef46db3751d8e999  a\\nb\n");
  CHECK(checksum_line("xxh64", k16, "a\rb") == "\\ef46db3751d8e999  a\\rb\n");
  CHECK(checksum_line("xxh64", k16, "a\\b") == "\\ef46db3751d8e999  a\\\\b\n");
  CHECK(checksum_line("xxh3", k16, "\\n\n\r") == "\\XXH3_ef46db3751d8e999  \\\\n\\n\\r\n");
  CHECK(checksum_line("xxh3", k16, "\\", ChecksumForm::bsd) ==
        "\\XXH3 (\\\\) = ef46db3751d8e999\n");
  CHECK(checksum_line("xxh64", k16, "\x1b\t\x7f\"'/") == "ef46db3751d8e999  \x1b\t\x7f\"'/\n");
}

TEST_CASE("a verdict is one line, whatever the name") {
  CHECK(verdict_line("a file", "OK") == "a file: OK\n");
  CHECK(verdict_line("a\nb: OK\n\\", "FAILED") == "\\a\\nb: OK\\n\\\\: FAILED\n");
}

TEST_CASE("plain lines: the number of digits determines the hash") {
  check_sum(k8 + "  file", "xxh32", k8, "file");
  check_sum(k16 + "  file", "xxh64", k16, "file");
  check_sum(k32 + "  file", "xxh128", k32, "file");
  check_sum("XXH3_" + k16 + "  file", "xxh3", k16, "file");
  check_sum(k16 + " *file", "xxh64", k16, "file");
  check_sum("EF46DB3751D8E999  file", "xxh64", k16, "file");
}

TEST_CASE("tagged lines: the tag determines the hash") {
  check_sum("XXH32 (file) = " + k8, "xxh32", k8, "file");
  check_sum("XXH64 (file) = " + k16, "xxh64", k16, "file");
  check_sum("XXH3 (file) = " + k16, "xxh3", k16, "file");
  check_sum("XXH128 (file) = " + k32, "xxh128", k32, "file");
  check_sum("XXH64 (file) = EF46DB3751D8E999", "xxh64", k16, "file");
}

TEST_CASE("tagged lines: _LE means that the digits are little-endian") {
  check_sum("XXH32_LE (a) = 56740d55", "xxh32", "550d7456", "a");
  check_sum("XXH64_LE (a) = 5b6e8ca9f1c44ed2", "xxh64", "d24ec4f1a98c6e5b", "a");
  check_sum("XXH3_LE (a) = 1f4e961eb632c6e6", "xxh3", "e6c632b61e964e1f", "a");
  check_sum("XXH128_LE (a) = 1f4e961eb632c6e63468f15a70af6fa9", "xxh128",
            "a96faf705af16834e6c632b61e964e1f", "a");
}

TEST_CASE("names may contain anything, even parts of the form") {
  for (const std::string& name : {std::string("a b"),
                                  std::string(" a"),
                                  std::string("a "),
                                  std::string("*a"),
                                  std::string("-"),
                                  std::string("--depth"),
                                  std::string("a) = b"),
                                  std::string("(a)"),
                                  std::string("x) = ef46db3751d8e999"),
                                  std::string("XXH3 (x"),
                                  std::string("a\\b"),
                                  std::string("a\\nb"),
                                  std::string("#a"),
                                  std::string("gr\xc3\xbc\xc3\x9f"),
                                  std::string("\xff\xfe"),
                                  k16,
                                  k16 + "  " + k16,
                                  std::string("C:\\data\\new file"),
                                  std::string(")"),
                                  std::string("a) = ")}) {
    check_sum(k16 + "  " + name, "xxh64", k16, name);
    check_sum("XXH3_" + k16 + "  " + name, "xxh3", k16, name);
    check_sum("XXH3 (" + name + ") = " + k16, "xxh3", k16, name);
    check_sum("XXH128_LE (" + name + ") = " + k32, "xxh128", "7f498d4624c30160d8984701d306aa99",
              name);
  }
}

TEST_CASE("the output of checksum_line is read back") {
  const std::array<std::array<std::string, 2>, 4> hashes = {
      {{"xxh32", k8}, {"xxh64", k16}, {"xxh3", k16}, {"xxh128", k32}}};
  for (const auto& [hash, digest] : hashes) {
    for (const char* path : {"file", "a b", "x) = y", "back\\slash", "\\leading", "dir/file", "\n",
                             "a\r", "\\n", "\r\n\\\\", ") = \n", "\\\n) = ef46db3751d8e999"}) {
      for (const ChecksumForm form : {ChecksumForm::gnu, ChecksumForm::bsd}) {
        std::string line = checksum_line(hash, digest, path, form);
        REQUIRE(line.back() == '\n');
        line.pop_back();
        CHECK(line.find('\n') == std::string::npos);
        check_sum(line, hash, digest, path);
      }
    }
  }
}

TEST_CASE("a leading backslash means that the name is escaped") {
  check_sum("\\" + k16 + "  a\\nb", "xxh64", k16, "a\nb");
  check_sum("\\" + k16 + "  a\\\\b", "xxh64", k16, "a\\b");
  check_sum("\\" + k16 + "  a\\\\nb", "xxh64", k16, "a\\nb");
  check_sum("\\" + k16 + "  a\\rb", "xxh64", k16, "a\rb");
  check_sum("\\XXH3 (\\\\\\n) = " + k16, "xxh3", k16, "\\\n");
  check_sum("\\XXH3_" + k16 + "  a\\nb", "xxh3", k16, "a\nb");
  check_sum("\\" + k8 + "  plain", "xxh32", k8, "plain");
  CHECK_FALSE(parse_checksum_line("\\" + k16 + "  a\\tb"));
  CHECK_FALSE(parse_checksum_line("\\" + k16 + "  a\\"));
}

TEST_CASE("malformed lines are rejected") {
  const std::vector<std::string> lines = {
      std::string(""),
      std::string(" "),
      std::string("\\"),
      std::string("no sum at all"),
      k16,
      k16 + " ",
      k16 + "  ",
      k16 + " file",
      k16 + "\tfile",
      " " + k16 + "  file",
      k16.substr(1) + "  file",
      k16 + "0  file",
      "xf46db3751d8e999  file",
      "0x46db3751d8e999  file",
      "XXH3_" + k8 + "  file",
      "XXH3_" + k32 + "  file",
      "XXH64_" + k16 + "  file",
      "xxh3_" + k16 + "  file",
      "XXH3 (file) = ",
      "XXH3 (file) = " + k8,
      "XXH3 (file) = " + k32,
      "XXH3 (file) = " + k16 + " ",
      "XXH3 (file) = " + k16 + "0",
      "XXH3 (file) = x" + k16.substr(1),
      "XXH3 (file) " + k16,
      "XXH3 (file)= " + k16,
      "XXH3 file) = " + k16,
      "XXH3(file) = " + k16,
      "XXH3 () = " + k16,
      "XXH32 (file) = " + k16,
      "XXH64 (file) = " + k8,
      "XXH128 (file) = " + k16,
      "XXH3_BE (file) = " + k16,
      "XXH3_LE (file) = " + k8,
      "xxh3 (file) = " + k16,
      "MD5 (file) = d41d8cd98f00b204e9800998ecf8427e",
  };
  for (const std::string& line : lines) {
    CAPTURE(line);
    CHECK_FALSE(parse_checksum_line(line));
  }
}

TEST_CASE("a whole file: checksums in order, and the numbers of malformed lines") {
  const ChecksumList list =
      parse_checksum_file("# a comment\n" + k8 + "  one\n\nnonsense\n" + "XXH3 (two) = " + k16 +
                          "\n#" + k8 + "  not this\n" + k8 + " bad\n" + k32 + "  last");
  REQUIRE(list.lines.size() == 3);
  CHECK(list.lines[0].path == "one");
  CHECK(list.lines[1].path == "two");
  CHECK(list.lines[1].hash == "xxh3");
  CHECK(list.lines[2].path == "last");
  CHECK(list.malformed_lines == std::vector<std::size_t>{4, 7});
}

TEST_CASE("a whole file: line ends of Windows, no lines, and only malformed ones") {
  const ChecksumList windows = parse_checksum_file(k8 + "  one\r\n\r\n" + k16 + "  two\r\n");
  REQUIRE(windows.lines.size() == 2);
  CHECK(windows.lines[0].path == "one");
  CHECK(windows.lines[1].path == "two");
  CHECK(windows.malformed_lines.empty());

  for (const char* text : {"", "\n", "\n\n\n", "#\n"}) {
    CHECK(parse_checksum_file(text).lines.empty());
    CHECK(parse_checksum_file(text).malformed_lines.empty());
  }
  CHECK(parse_checksum_file("a\nb\nc").malformed_lines == std::vector<std::size_t>{1, 2, 3});
}

}  // namespace
}  // namespace aiobench::report
