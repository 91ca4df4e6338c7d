// Writes a result as CSV (RFC 4180, except that lines end in \n): a header, then one row per
// repetition.
#pragma once

#include <string>

#include "result/model.h"

namespace aiobench::report {

std::string to_csv(const result::Results& result);

// Quotes a CSV field if it contains a comma, a quote or a line break.
std::string csv_field(const std::string& text);

}  // namespace aiobench::report
