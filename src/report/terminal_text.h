// Text for a terminal: line breaking, colours, bars and sparklines.
#pragma once

#include <cstddef>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace aiobench::report {

// The width of a UTF-8 text in columns: its number of characters. Wide characters are not
// supported.
std::size_t columns_of(std::string_view text);

// A space at which lines_of() does not break (U+00A0). It is replaced by an ordinary space in the
// result.
inline constexpr const char* kNoBreak = "\xc2\xa0";

// Breaks `text` at spaces into lines of at most `columns`. Returns at least one line. A longer word
// gets a line of its own.
std::vector<std::string> lines_of(std::string_view text, std::size_t columns);
// The same as one text, with `indent` before each line.
std::string wrapped(std::string_view text, std::size_t columns, std::string_view indent);

// Makes a list such as "p50 4 ms, p90 5 ms (of few)" break only after commas, semicolons and
// colons, and before parentheses.
std::string in_parts(std::string_view text);

std::string without_trailing_blanks(std::string line);

// The emphasis of a text. Colour never carries information that the text does not contain.
enum class Tone {
  plain,
  strong,      // what a reader looks for first
  faint,       // labels and background information
  good,        // the best configuration, a good verdict
  unreliable,  // reasons for caution
  bad,         // an error, a bad verdict
};

// The capabilities of the output. The default is plain text, for pipes and files. Only this struct
// writes escape sequences. Source: ECMA-48, "SGR - Select Graphic Rendition".
struct Style {
  bool colour = false;
  bool unicode = false;  // bars of block characters instead of ASCII

  // `text` in the colour of `tone`, or unchanged without colour. `text` must be one line of
  // printable characters.
  std::string in(Tone tone, std::string_view text) const;
};

// A bar for `share` (0 to 1), padded with spaces to `columns`. Any share above 0 is visible.
std::string bar(double share, std::size_t columns, const Style& style);

// A line of one column per value, scaled from 0 to the maximum. If there are more values than
// columns, each column shows the mean of several. It contains no spaces. Values that are not
// numbers count as 0.
std::string sparkline(std::span<const double> values, std::size_t columns, const Style& style);

struct Part {
  char letter;  // its symbol in ASCII
  double amount;
};

// A bar of exactly `columns`, divided in proportion to the parts. Empty if all parts are 0. Only
// four parts have different shades.
std::string stacked_bar(std::span<const Part> parts, std::size_t columns, const Style& style);

}  // namespace aiobench::report
