// What is doubtful about the figures of a run: judged by what was measured, and by nothing else, so
// that every judgement can be tested. Each threshold has its reason beside it, in the sources.
#pragma once

#include <vector>

#include "result/model.h"

namespace aiobench::measure {

// The warnings, the gravest first; none for a run without figures. Of a pass that was cut short
// only what holds for any part of it: that its figures are partial is said anyway.
std::vector<Warning> judge(const Run& run, const platform::HostFacts& host, const ToolFacts& tool);

}  // namespace aiobench::measure
