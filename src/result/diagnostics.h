// Diagnostics: warnings about a run, with advice, derived from what was measured. All functions are
// pure, so that every diagnostic can be tested. The reason for each threshold is next to it in
// diagnostics.cpp.
#pragma once

#include <optional>
#include <vector>

#include "result/model.h"

namespace aiobench::result {

// A warning, or nothing if there is no reason for one.
using Diagnostic = std::optional<Warning>;

// The following functions expect a complete repetition `r` of `run`. diagnose() calls them; they
// are declared here for their tests.

// The requests completed at a lower rate than --rate.
Diagnostic rate_not_reached(const Run& run, const Repetition& r);
// Most requests of an asynchronous mechanism completed inside the submitting call.
Diagnostic mostly_inline(const Run& run, const Repetition& r);
// On average far fewer requests were in flight than the depth. The message names the cause if one
// can be derived.
Diagnostic depth_not_reached(const Run& run, const Repetition& r);
// A run that should measure a disk was limited by hashing or by the processor.
Diagnostic not_the_disk(const Run& run, const Repetition& r);
// Throughput, or latency at a fixed rate, changed between the two halves of the run.
Diagnostic drifted(const Run& run, const Repetition& r);
// Too few requests for the high percentiles.
Diagnostic few_requests(const Repetition& r);

// The warnings about the median repetition of `run`, the most serious first; none for a run without
// repetitions. A partial repetition gets only the warnings that hold for any part of a run.
std::vector<Warning> diagnose(const Run& run, const os::HostInfo& host, const ToolInfo& tool);

}  // namespace aiobench::result
