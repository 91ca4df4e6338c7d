// Proves when output is coloured, and when bars are drawn with block characters.
#include "tool/terminal.h"

#include <doctest/doctest.h>

#include "tool/command.h"

namespace aiobench::tool {
namespace {

const Environment kTerminal{
    .terminal = true, .utf8 = true, .no_color = "", .terminal_kind = "xterm"};

Environment with(void (*change)(Environment&)) {
  Environment changed = kTerminal;
  change(changed);
  return changed;
}

const Environment kPipe = with([](Environment& s) { s.terminal = false; });
const Environment kDumb = with([](Environment& s) { s.terminal_kind = "dumb"; });
const Environment kNoColor = with([](Environment& s) { s.no_color = "1"; });

TEST_CASE("colour: on a capable terminal unless NO_COLOR is set") {
  CHECK(style_in(kTerminal, When::automatic).colour);
  for (const Environment& other : {kPipe, kDumb, kNoColor}) {
    CHECK_FALSE(style_in(other, When::automatic).colour);
  }
}

TEST_CASE("colour: --color always and never override everything else") {
  for (const Environment& any : {kTerminal, kPipe, kDumb, kNoColor}) {
    CHECK(style_in(any, When::always).colour);
    CHECK_FALSE(style_in(any, When::never).colour);
  }
}

TEST_CASE("block characters: on a UTF-8 terminal, with or without colour") {
  CHECK(style_in(kTerminal, When::automatic).unicode);
  CHECK(style_in(kTerminal, When::never).unicode);
  CHECK(style_in(kNoColor, When::automatic).unicode);
  CHECK_FALSE(style_in(kPipe, When::automatic).unicode);
  CHECK_FALSE(style_in(kDumb, When::automatic).unicode);
  CHECK(style_in(kPipe, When::always).unicode);
  const Environment latin = with([](Environment& s) { s.utf8 = false; });
  CHECK_FALSE(style_in(latin, When::automatic).unicode);
  CHECK_FALSE(style_in(latin, When::always).unicode);
}

TEST_CASE("colour: an unknown value is refused with the list of valid values") {
  When color = When::automatic;
  Description description;
  add_color_to(description, color);
  const auto& read = std::get<ReadValue>(description.rows.at(0).target);
  CHECK(read("never"));
  CHECK((color == When::never));
  const Status refused = read("sometimes");
  REQUIRE_FALSE(refused);
  CHECK(refused.error().line() ==
        "cannot use --color: unknown choice 'sometimes' (choose one of: auto, always, never)");
}

}  // namespace
}  // namespace aiobench::tool
