// A comparison for a pull request: the verdict, a table, and what is not comparable as a list.
#pragma once

#include <string>

#include "result/comparison.h"

namespace aiobench::report {

std::string comparison_markdown(const Comparison& comparison);

// `text` as Markdown shows it as it is, in a cell of a table too; it names and links nobody.
std::string markdown_text(const std::string& text);

}  // namespace aiobench::report
