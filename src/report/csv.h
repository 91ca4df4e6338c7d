// Writes results as CSV (RFC 4180, except that lines end in \n).
#pragma once

#include <string>

#include "result/model.h"

namespace aiobench::report {

// A header, then one row per repetition. A field is empty if it is unknown or does not apply.
std::string to_csv(const result::Results& result);

// Quotes a field if it contains a comma, a quote or a line break.
std::string csv_field(const std::string& text);

}  // namespace aiobench::report
