// Which aiobench this is.
#pragma once

#include <string>

#include "result/model.h"

namespace aiobench::tool {

measure::ToolFacts tool_facts();

// "aiobench 0.1.0 (commit 1a2b3c4, GCC 12.2.0, Release, Linux)"
std::string version_line();

}  // namespace aiobench::tool
