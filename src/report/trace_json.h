// A trace as a file in Chrome's trace event format (JSON), which Perfetto and chrome://tracing
// show: for each pass a process "lanes" with a track a lane, and a process "threads" with a track a
// thread. Source: "Trace Event Format", the document of the Chromium project.
#pragma once

#include <string>

#include "result/model.h"
#include "stats/trace.h"

namespace aiobench::report {

// After the last pass. Spans of one track never overlap, and are in their order. Times count from
// the moment when the first pass's clock started. docs/mechanisms.md tells what is seen.
std::string trace_json(const measure::Trace& trace, const measure::Origin& origin);

}  // namespace aiobench::report
