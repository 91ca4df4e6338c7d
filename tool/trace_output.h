// The file of --trace: what is kept while files are streamed, and where it goes.
#pragma once

#include <memory>

#include "result/model.h"
#include "stats/trace.h"
#include "tool/exit_code.h"
#include "tool/options.h"

namespace aiobench::tool {

// Before the first pass: the trace that was asked for, or nothing. Takes some milliseconds to find
// out what it will cost.
std::unique_ptr<measure::Trace> new_trace(const StreamOptions& options);

// The settings of one pass: only measured ones are traced.
pipeline::RunSettings for_pass(const pipeline::RunSettings& settings, bool measured);

// After a pass that was traced: its figures hold what that cost, and the run says so.
void note_trace(const pipeline::RunSettings& settings, const pipeline::RunOutcome& outcome,
                measure::Run& run);

// After the last pass: writes the file, and says what is in it. `trace` is that of new_trace(), or
// nullptr. Returns `code`, or a worse one.
ExitCode write_trace(const StreamOptions& options, const measure::Trace* trace,
                     const measure::Origin& origin, ExitCode code);

}  // namespace aiobench::tool
