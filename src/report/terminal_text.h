// Text for a terminal: lines of a width.
#pragma once

#include <cstddef>
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

}  // namespace aiobench::report
