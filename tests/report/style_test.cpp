// Proves that colour is added only where requested, and that it ends with the text.
#include "report/terminal_text.h"

#include <doctest/doctest.h>

#include <set>
#include <string>

namespace aiobench::report {
namespace {

constexpr Tone kTones[] = {Tone::strong, Tone::faint, Tone::good, Tone::unreliable, Tone::bad};

TEST_CASE("style: without colour a text is unchanged") {
  for (const Tone tone : kTones) CHECK(Style{}.in(tone, "text") == "text");
}

TEST_CASE("style: each tone looks different, and ends with the text") {
  const Style style{.colour = true};
  std::set<std::string> looks;
  for (const Tone tone : kTones) {
    const std::string text = style.in(tone, "text");
    CHECK(text.starts_with("\x1b["));
    CHECK(text.ends_with("mtext\x1b[0m"));
    looks.insert(text);
  }
  CHECK(looks.size() == std::size(kTones));
}

TEST_CASE("style: plain and empty texts get no colour") {
  const Style style{.colour = true};
  CHECK(style.in(Tone::plain, "text") == "text");
  CHECK(style.in(Tone::bad, "").empty());
}

}  // namespace
}  // namespace aiobench::report
