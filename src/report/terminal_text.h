// Text for a terminal: lines of a width.
#pragma once

#include <cstddef>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace aiobench::report {

// How wide a terminal shows UTF-8 text: its characters, as if none were wider than others.
std::size_t columns_of(std::string_view text);

// A blank between words that stay in one line: U+00A0 in a text that is to be broken into lines,
// which have a plain one instead.
inline constexpr const char* kNoBreak = "\xc2\xa0";

// `text` in lines of at most that many columns, broken at blanks; one line at least. A word that is
// longer has a line of its own.
std::vector<std::string> lines_of(std::string_view text, std::size_t columns);
// The same as one text, each line behind `indent`.
std::string wrapped(std::string_view text, std::size_t columns, std::string_view indent);

// A list of figures, "p50 4 ms, p90 5 ms (of few)": to be broken after commas, semicolons and
// colons, and before parentheses, but nowhere else.
std::string in_parts(std::string_view text);

std::string without_trailing_blanks(std::string line);

// How text for a terminal is shown: the one place that knows escape sequences. What is coloured
// says the same without colour. Source: ECMA-48, "SGR - Select Graphic Rendition".

enum class Tone {
  plain,
  strong,      // what is looked for first
  faint,       // what is there to be looked up
  good,        // the best, a good verdict
  unreliable,  // what a reader has to bear in mind
  bad,         // an error, a bad verdict
};

// As it is made: plain, for pipes and files.
struct Style {
  bool colour = false;
  bool unicode = false;  // bars of block characters, else of ASCII

  // `text` as it is where nothing is coloured. It has to be one line, and fit to be printed.
  std::string in(Tone tone, std::string_view text) const;
};

// Small pictures in a line of text: bars and sparklines, of block characters or of ASCII.

// A bar of `share` (0 to 1) of that many columns, with blanks up to their end. What is more than
// nothing shows.
std::string bar(double share, std::size_t columns, const Style& style);

// One column a value, from 0 to the greatest; of more values than columns each column is the mean
// of several. Never a blank. Values that are no numbers count as 0.
std::string sparkline(std::span<const double> values, std::size_t columns, const Style& style);

struct Part {
  char letter;  // what shows it in ASCII
  double amount;
};

// Exactly that many columns, each part by its share of all. Empty where all is nothing. At most
// four parts have shades of their own.
std::string stacked_bar(std::span<const Part> parts, std::size_t columns, const Style& style);

}  // namespace aiobench::report
