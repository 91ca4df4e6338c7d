// Measuring files: page cache state, warm-up passes, measured passes, and the resulting Run. Shared
// by hash, read, copy and sweep. All functions run in the main thread.
#pragma once

#include <memory>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "base/error.h"
#include "base/settings.h"
#include "os/console.h"
#include "result/model.h"
#include "run/run.h"
#include "stats/trace.h"
#include "tool/command.h"

namespace aiobench::tool {

class ProgressLine;

// What is measured, how often, and what accompanies it.
struct Measurement {
  Settings settings;  // open choices are made for each file, by run::choose_missing()
  unsigned repeat = 1;
  unsigned warmup = 0;
  bool progress = false;          // show progress on stderr
  stats::Trace* trace = nullptr;  // records the measured passes; nullptr: none

  unsigned passes() const { return warmup + repeat; }
  // Whether the pass with this number, counted from 0, is measured rather than a warm-up.
  bool measures(unsigned pass) const { return pass >= warmup; }
};

// Hashes one file: all warm-up and measured passes. A failure or interrupt ends it early and is
// recorded in the run; the repetitions before it are kept.
result::Run run_file(const Measurement& measurement, const std::string& path,
                     run::BufferPool& pool);

// What a pass runs with: the event of this program, a progress line, and the trace if the pass is
// measured. `pools` and `line` must outlive the result.
run::RunContext context_of_pass(const Measurement& measurement, bool measured,
                                std::span<run::BufferPool> pools, ProgressLine& line);

result::Repetition repetition_of(run::RunOutcome& outcome);

// Brings the file `path` into the state and verifies it. A state that was not reached, or could not
// be verified, adds a warning. A file that cannot be opened or read is an error.
Status prepare_cache(const std::string& path, CacheState state,
                     std::vector<result::Warning>& warnings);

// Before each pass: brings the page cache into the state of run.config. Returns false on failure,
// and records it in the run.
bool prepare(result::Run& run);
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

// Before the first pass: the trace for the file of --trace, or nullptr if `path` is empty. Takes
// some milliseconds to measure the cost of recording an event.
std::unique_ptr<stats::Trace> new_trace(const std::string& path);

// After a pass: if it was traced, adds a warning that the figures include the cost of tracing.
void note_trace(const stats::Trace* trace, const run::RunOutcome& outcome, result::Run& run);

}  // namespace aiobench::tool
