// Proves that text is broken into lines of a given width without losing a word.
#include "report/terminal_text.h"

#include <doctest/doctest.h>

namespace aiobench::report {
namespace {

TEST_CASE("wrapped: at the last possible space") {
  CHECK(wrapped("one two three", 80, "  ") == "  one two three");
  CHECK(wrapped("one two three", 9, "  ") == "  one two\n  three");
  CHECK(wrapped("one two three", 8, "  ") == "  one\n  two\n  three");
  CHECK(wrapped("", 10, "  ") == "  ");
  CHECK(wrapped("gr\xc3\xbc\xc3\x9f dich", 9, "") == "gr\xc3\xbc\xc3\x9f dich");
}

TEST_CASE("wrapped: a word that is too long gets its own line") {
  CHECK(wrapped("a /very/long/path b", 6, "") == "a\n/very/long/path\nb");
}

TEST_CASE("without_trailing_blanks") {
  CHECK(without_trailing_blanks("a b  ") == "a b");
  CHECK(without_trailing_blanks("   ").empty());
  CHECK(without_trailing_blanks("").empty());
}

TEST_CASE("a width is counted in characters") {
  CHECK(columns_of("") == 0);
  CHECK(columns_of("abc") == 3);
  CHECK(columns_of("\xe2\x96\x88\xc3\xbc\xf0\x9f\x98\x80") == 3);
}

TEST_CASE("no-break spaces keep words in one line and become ordinary spaces") {
  const std::string text = std::string("take 4") + kNoBreak + "ms";
  CHECK(lines_of(text, 9) == std::vector<std::string>{"take 4 ms"});
  CHECK(lines_of(text, 8) == std::vector<std::string>{"take", "4 ms"});
}

TEST_CASE("lists are broken only between their parts") {
  const std::string text = in_parts("p50 4 ms, p90 5 ms (of few): max 6 ms");
  CHECK(lines_of(text, 9) ==
        std::vector<std::string>{"p50 4 ms,", "p90 5 ms", "(of few):", "max 6 ms"});
  CHECK(lines_of(text, 80) == std::vector<std::string>{"p50 4 ms, p90 5 ms (of few): max 6 ms"});
}

}  // namespace
}  // namespace aiobench::report
