// The result for a reader at a terminal.
#pragma once

#include <string>

#include "result/model.h"
#include "report/style.h"

namespace aiobench::report {

// The lines that stand above all runs: the tool, the system, and Wine where it is Wine.
std::string text_header(const measure::Result& result, const Style& style = {});

// One run, at most 80 columns wide but for long names. The figures are those of the median
// repetition.
std::string text_run(const measure::Run& run, const Style& style = {});

}  // namespace aiobench::report
