// Writes results and comparisons as text for a terminal, and comparisons as Markdown.
#pragma once

#include <string>

#include "report/terminal_text.h"
#include "result/comparison.h"
#include "result/model.h"

namespace aiobench::report {

// The lines above all runs: the version, the system, and a note about Wine if it runs there.
std::string text_header(const result::Results& result, const Style& style = {});

// One run, at most 80 columns wide except for long names. The figures are those of the median
// repetition.
std::string text_run(const result::Run& run, const Style& style = {});

// A comparison, 80 columns wide, with the summary in the last line.
std::string comparison_text(const result::Comparison& comparison, const Style& style = {});

// A comparison as Markdown, for example for a pull request: the summary, a table, and a list of the
// incompatibilities.
std::string comparison_markdown(const result::Comparison& comparison);

// Escapes `text` for Markdown, also within a table cell. The result contains no markup, links or
// mentions.
std::string markdown_text(const std::string& text);

}  // namespace aiobench::report
