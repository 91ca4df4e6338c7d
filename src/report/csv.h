// The result as CSV (RFC 4180, but lines end in \n): a header, then one row a repetition.
#pragma once

#include <string>

#include "result/model.h"

namespace aiobench::report {

std::string to_csv(const result::Results& result);

// A field as CSV wants it: in quotes where it holds a comma, a quote or a line break.
std::string csv_field(const std::string& text);

}  // namespace aiobench::report
