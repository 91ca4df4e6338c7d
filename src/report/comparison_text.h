// A comparison for a reader at a terminal: 80 columns, and the verdict in the last line.
#pragma once

#include <string>

#include "result/comparison.h"
#include "report/style.h"

namespace aiobench::report {

std::string comparison_text(const Comparison& comparison, const Style& style = {});

}  // namespace aiobench::report
