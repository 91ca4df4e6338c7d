// Measuring files: page cache state, warm-up passes, measured passes, and the resulting Run. Shared
// by hash, read, copy and sweep. All functions run in the main thread.
#pragma once

#include <memory>
#include <string>

#include "base/error.h"
#include "os/console.h"
#include "result/model.h"
#include "run/auto_tune.h"
#include "run/hash.h"
#include "stats/trace.h"
#include "tool/command.h"
#include "tool/options.h"
#include "tool/output.h"

namespace aiobench::tool {

// Hashes one file: all warm-up and measured passes. A failure or interrupt ends it early and is
// recorded in the run; the repetitions before it are kept.
result::Run run_file(const StreamSettings& settings, const std::string& path,
                     run::BufferPool& pool);

// Replaces the "auto" values in `settings` by values chosen for this file. `random`: random access.
run::RunSettings settle(const StreamSettings& settings, const std::string& path, bool random,
                        run::Writes writes = run::Writes::none);

// The settings, after settle(), in the form of the result.
result::Config config_of(const StreamSettings& settings);

result::Repetition repetition_of(run::RunOutcome& outcome);

// Before each pass: brings the page cache into the requested state. Returns false on failure, and
// records it in the run.
bool prepare(const StreamSettings& settings, result::Run& run);
// After the last pass: records the storage and the cache state of the file.
void describe_target(result::Run& run);

// Records a failure. An interrupt is not one: it makes the run partial instead.
void set_failure(result::Run& run, std::optional<Error> failure);

// The error for an empty file name.
Error empty_name();

// A result without runs: the tool, the machine and the clock.
result::Results new_result();
// Adds the diagnostics of a finished run and appends it to result.runs.
void add_run(result::Results& result, result::Run run);

// The event that wakes the main thread: when a run has finished, and on Ctrl-C. The first call
// installs the Ctrl-C handler.
os::WakeEvent& main_event();

// Replaces this process by the Windows build under Wine, with the arguments `command` and
// `arguments`. Returns only on failure. Linux only.
Error run_under_wine(const char* command, Arguments arguments);

// Before the first pass: the trace for --trace, or nullptr without that option. Takes some
// milliseconds to measure the cost of recording an event.
std::unique_ptr<stats::Trace> new_trace(const StreamOptions& options);

// The settings of one pass. Only measured passes are traced.
run::RunSettings for_pass(const run::RunSettings& settings, bool measured);

// After a traced pass: adds a warning that the figures include the cost of tracing.
void note_trace(const run::RunSettings& settings, const run::RunOutcome& outcome, result::Run& run);

// After the last pass: writes the file of --trace and prints a note about it. `trace` is from
// new_trace(), or nullptr. Returns `code`, or a more severe one.
ExitCode write_trace(const StreamOptions& options, const stats::Trace* trace,
                     const result::Origin& origin, ExitCode code);

}  // namespace aiobench::tool
