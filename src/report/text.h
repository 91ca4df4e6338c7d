// The result for a reader at a terminal.
#pragma once

#include <string>

#include "report/terminal_text.h"
#include "result/comparison.h"
#include "result/model.h"

namespace aiobench::report {

// The lines that stand above all runs: the tool, the system, and Wine where it is Wine.
std::string text_header(const result::Results& result, const Style& style = {});

// One run, at most 80 columns wide but for long names. The figures are those of the median
// repetition.
std::string text_run(const result::Run& run, const Style& style = {});

// A comparison for a reader at a terminal: 80 columns, and the verdict in the last line.

std::string comparison_text(const result::Comparison& comparison, const Style& style = {});

// A comparison for a pull request: the verdict, a table, and what is not comparable as a list.

std::string comparison_markdown(const result::Comparison& comparison);

// `text` as Markdown shows it as it is, in a configuration of a table too; it names and links
// nobody.
std::string markdown_text(const std::string& text);

}  // namespace aiobench::report
