// From the lists of a sweep to its cells.
#pragma once

#include <string>
#include <vector>

#include "base/error.h"
#include "tool/sweep_options.h"

namespace aiobench::tool {

// "1,8,,32" -> "1", "8", "", "32"
std::vector<std::string> split_list(const std::string& text);

// "iocp:batch=1,skip_on_success,io_uring" -> "iocp:batch=1,skip_on_success", "io_uring": a part
// that names no mechanism is one more option of the mechanism before it.
std::vector<std::string> split_engines(const std::string& text);

// What names several mechanisms at once, and the names of those that can be run by Wine.
std::vector<std::string> group_names();

// Every combination of the lists for every file of the plan, each once; what cannot be is left out,
// and said. What it takes to run a mechanism is looked for now, and not after hours.
Status add_cells(const SweepOptions& options, SweepSettings& settings);

}  // namespace aiobench::tool
