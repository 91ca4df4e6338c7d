// Whether what is written is coloured: --color, NO_COLOR (no-color.org), TERM, and whether it goes
// to a terminal.
#pragma once

#include <string>

#include "base/error.h"
#include "base/names.h"
#include "report/style.h"

namespace aiobench::tool {

struct Description;  // tool/description.h

// When something is done that depends on there being a terminal.
enum class When { automatic, always, never };
inline constexpr Named<When> kWhens[] = {
    {When::automatic, "auto"}, {When::always, "always"}, {When::never, "never"}};

// Option --color, in the group "Output".
void add_color_to(Description& description, std::string& color);

// How results on stdout are shown. An unknown choice is refused.
Result<report::Style> output_style(const std::string& color);

// Whether messages on stderr are coloured.
bool colours_messages(When color);

// What was found out of the surroundings, for output_style and colours_messages: a pure function.
struct Surroundings {
  bool terminal = false;      // the stream is one that understands escape sequences
  bool utf8 = false;          // terminals show UTF-8 here
  std::string no_color;       // the variables of that name
  std::string terminal_kind;  // TERM
};
report::Style style_in(const Surroundings& surroundings, When color);

}  // namespace aiobench::tool
