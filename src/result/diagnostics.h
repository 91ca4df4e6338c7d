// What is unreliable about the figures of a run: diagnosed by what was measured, and by nothing
// else, so that every diagnosis can be tested. Each threshold has its reason beside it, in the
// sources.
#pragma once

#include <optional>
#include <vector>

#include "result/model.h"

namespace aiobench::result {

// Parts of the diagnosis of a run: whether its requests flowed as they were asked to. Pure
// functions of what was measured; for diagnosis.cpp.

using Diagnostic = std::optional<Warning>;

// `r` is a repetition of `run` that was not cut short.

// A system that cannot keep up with the rate was measured at another one.
Diagnostic rate_not_reached(const Run& run, const Repetition& r);
// The mechanism did in the submitting call what it was chosen to do meanwhile.
Diagnostic mostly_inline(const Run& run, const Repetition& r);
// Far fewer requests in flight than were asked for; with the cause, where there is one to be seen.
Diagnostic depth_not_reached(const Run& run, const Repetition& r);
// Hashing, or the processor, was what took the time where a disk was to be measured.
Diagnostic not_the_disk(const Run& run, const Repetition& r);
// The run did not go on as it began.
Diagnostic drifted(const Run& run, const Repetition& r);
// Percentiles that are only the slowest requests.
Diagnostic few_requests(const Repetition& r);

// The warnings, the gravest first; none for a run without figures. Of a pass that was cut short
// only what holds for any part of it: that its figures are partial is said anyway.
std::vector<Warning> diagnose(const Run& run, const os::HostInfo& host, const ToolInfo& tool);

}  // namespace aiobench::result
