// Text for a terminal: lines of a width.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>

namespace aiobench::report {

// `text` in lines of at most that many bytes, each behind `indent`, broken at blanks. A word that
// is longer has a line of its own.
std::string wrapped(std::string_view text, std::size_t columns, std::string_view indent);

std::string without_trailing_blanks(std::string line);

}  // namespace aiobench::report
