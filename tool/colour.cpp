#include "tool/colour.h"

#include "os/console.h"
#include "tool/description.h"

namespace aiobench::tool {
namespace {

Surroundings surroundings(bool terminal) {
  return {.terminal = terminal,
          .utf8 = platform::terminals_show_utf8(),
          .no_color = platform::environment("NO_COLOR"),
          .terminal_kind = platform::environment("TERM")};
}

}  // namespace

void add_color_to(Description& description, std::string& color) {
  description.option("--color", color, "auto: on a terminal, unless NO_COLOR is set",
                     names_of(kWhens, "|"), kOutputGroup);
}

report::Style style_in(const Surroundings& surroundings, When color) {
  const bool able = surroundings.terminal && surroundings.terminal_kind != "dumb";
  const bool wanted =
      color == When::always || (color == When::automatic && able && surroundings.no_color.empty());
  // Bars are no colour: they are drawn as well as the terminal can.
  return {.colour = wanted, .unicode = surroundings.utf8 && (able || color == When::always)};
}

Result<report::Style> output_style(const std::string& color) {
  Result<When> when = parse_named(kWhens, "--color", "choice", color);
  if (!when) return when.take_error();
  return style_in(surroundings(platform::stdout_takes_escapes()), *when);
}

bool colours_messages(When color) {
  return style_in(surroundings(platform::stderr_takes_escapes()), color).colour;
}

}  // namespace aiobench::tool
