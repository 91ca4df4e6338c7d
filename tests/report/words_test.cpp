// Proves that text is broken into lines of a width without losing a word.
#include "report/words.h"

#include <doctest/doctest.h>

namespace aiobench::report {
namespace {

TEST_CASE("wrapped: at blanks, as late as can be") {
  CHECK(wrapped("one two three", 80, "  ") == "  one two three");
  CHECK(wrapped("one two three", 9, "  ") == "  one two\n  three");
  CHECK(wrapped("one two three", 8, "  ") == "  one\n  two\n  three");
  CHECK(wrapped("", 10, "  ") == "  ");
}

TEST_CASE("wrapped: a word that is too long has a line of its own") {
  CHECK(wrapped("a /very/long/path b", 6, "") == "a\n/very/long/path\nb");
}

TEST_CASE("without_trailing_blanks") {
  CHECK(without_trailing_blanks("a b  ") == "a b");
  CHECK(without_trailing_blanks("   ").empty());
  CHECK(without_trailing_blanks("").empty());
}

}  // namespace
}  // namespace aiobench::report
