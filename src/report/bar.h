// Small pictures in a line of text: bars and sparklines, of block characters or of ASCII.
#pragma once

#include <cstddef>
#include <span>
#include <string>

#include "report/style.h"

namespace aiobench::report {

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
