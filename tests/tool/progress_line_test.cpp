// Proves that the progress line shows progress, speed and remaining time, and is never wider than
// the terminal.
#include "tool/terminal.h"

#include <doctest/doctest.h>

#include <string>

#include "base/units.h"
#include "support/text.h"

namespace aiobench::tool {
namespace {

using test::has;

// The number of characters; 9999 if `text` ends inside a character.
std::size_t characters(const std::string& text) {
  std::size_t count = 0;
  for (std::size_t at = 0; at < text.size(); ++count) {
    const auto byte = static_cast<unsigned char>(text[at]);
    const std::size_t bytes = byte < 0x80 ? 1 : byte < 0xe0 ? 2 : byte < 0xf0 ? 3 : 4;
    for (std::size_t i = 1; i < bytes; ++i) {
      if (at + i >= text.size() || (text[at + i] & 0xc0) != 0x80) return 9999;
    }
    at += bytes;
  }
  return count;
}

TEST_CASE("progress: the exact text") {
  CHECK(progress_text("file.bin", kGiB, 4 * kGiB, 2.0, 80) ==
        " 25 %  1 GiB of 4 GiB  512 MiB/s  0:06 left  file.bin");
  CHECK(progress_text("f", 42 * kMiB, 100 * kMiB, 42.0, 80) ==
        " 42 %  42 MiB of 100 MiB  1 MiB/s  0:58 left  f");
  CHECK(progress_text("f", kGiB, kGiB, 0.5, 80) == "100 %  1 GiB of 1 GiB  2 GiB/s  0:00 left  f");
}

TEST_CASE("progress: time is in minutes and seconds, also beyond an hour") {
  CHECK(has(progress_text("f", kMiB, 61 * kMiB, 1, 80), " 1:00 left"));
  CHECK(has(progress_text("f", kMiB, 66 * kMiB, 1, 80), " 1:05 left"));
  CHECK(has(progress_text("f", kMiB, 7201 * kMiB, 1, 80), " 120:00 left"));
}

TEST_CASE("progress: no rate and no remaining time before they are known") {
  for (const std::string& text :
       {progress_text("f", 0, kGiB, 0.0, 80), progress_text("f", 0, kGiB, 5.0, 80)}) {
    CAPTURE(text);
    CHECK(has(text, "  0 %"));
    CHECK(has(text, "0 B of 1 GiB"));
    CHECK_FALSE(has(text, "left"));
    CHECK_FALSE(has(text, "/s"));
    CHECK_FALSE(has(text, "inf"));
    CHECK_FALSE(has(text, "nan"));
  }
  CHECK_FALSE(has(progress_text("f", kMiB, kGiB, 0.0, 80), "left"));
}

TEST_CASE("progress: an empty file is at 100 %") {
  const std::string text = progress_text("f", 0, 0, 1.0, 80);
  CHECK(has(text, "100 %"));
  CHECK(has(text, "0 B of 0 B"));
}

TEST_CASE("progress: never wider than the terminal, and never cut inside a character") {
  const std::string umlauts = "\xc3\xa4\xc3\xb6\xc3\xbc\xc3\x9f\xe6\x97\xa5\xe6\x9c\xac.bin";
  for (const std::string& name :
       {std::string(), std::string("f"), std::string(200, 'n'), umlauts, "\x01" + umlauts,
        "\x01\x02\xc3\xa4\xc3\xb6\xe6\x97\xa5" + std::string("\xe6\x9c\xac"),
        umlauts + "\n\x1b[2J" + umlauts, std::string("\t\t\t\t")}) {
    for (const std::uint64_t all : {std::uint64_t{0}, kKiB, 12345 * kMiB, 1000 * kGiB}) {
      for (unsigned columns = 0; columns <= 130; ++columns) {
        const std::string text = progress_text(name, all / 3, all, 7.7, columns);
        CAPTURE(text);
        CAPTURE(columns);
        REQUIRE(characters(text) <= columns);
      }
    }
  }
}

TEST_CASE("progress: the name is shown if it fits, with control characters escaped") {
  const std::string bare = progress_text("", kMiB, 4 * kMiB, 1.0, 200);
  const std::string without = bare.substr(0, bare.find_last_not_of(' ') + 1);
  const auto width = static_cast<unsigned>(without.size());
  CHECK(progress_text("name", kMiB, 4 * kMiB, 1.0, width + 6) == without + "  name");
  CHECK_FALSE(has(progress_text("name", kMiB, 4 * kMiB, 1.0, width + 5), "name"));
  CHECK(has(progress_text("a\nb\x1b", kMiB, 4 * kMiB, 1.0, 120), "  a\\nb\\x1b"));
}

}  // namespace
}  // namespace aiobench::tool
