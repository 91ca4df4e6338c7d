// What one file goes through in a command: cache state, warm-up passes, measured passes.
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

// All of it. A failure or an interrupt ends it early, and stands in the run; what was measured
// before is kept.
result::Run run_file(const StreamSettings& settings, const std::string& path,
                     run::BufferPool& pool);

// What was left open in `settings` is chosen for this file.
run::RunSettings settle(const StreamSettings& settings, const std::string& path, bool random,
                        run::Writes writes = run::Writes::none);

// Settled settings as a result states them.
result::Config config_of(const StreamSettings& settings);

result::Repetition repetition_of(run::RunOutcome& outcome);

// Before each pass: brings the page cache into the state that was asked for. False, with the
// failure in the run, where it cannot be.
bool prepare(const StreamSettings& settings, result::Run& run);
// After the last pass: what is known of where the file lies.
void describe_target(result::Run& run);

// An interrupt is no failure of the file: the run says that it is partial.
void set_failure(result::Run& run, std::optional<Error> failure);

// A file name of no characters.
Error empty_name();

// A result without runs yet: the tool and this machine.
result::Results new_result();
// Judges a run that is over and appends it to result.runs, whose back() it then is.
void add_run(result::Results& result, result::Run run);

// The one event that ends a wait of the main thread: a finished run, or Ctrl-C.

// The first call begins to watch for Ctrl-C.
os::WakeEvent& main_event();

// From the Linux program to the Windows build under Wine.

// Goes on as the Windows build with the same `arguments`, behind the command's name `command`.
// Returns only on failure.
Error hand_off(const char* command, Arguments arguments);

// The file of --trace: what is kept while files are streamed, and where it goes.

// Before the first pass: the trace that was asked for, or nothing. Takes some milliseconds to find
// out what it will cost.
std::unique_ptr<stats::Trace> new_trace(const StreamOptions& options);

// The settings of one pass: only measured ones are traced.
run::RunSettings for_pass(const run::RunSettings& settings, bool measured);

// After a pass that was traced: its figures hold what that cost, and the run says so.
void note_trace(const run::RunSettings& settings, const run::RunOutcome& outcome, result::Run& run);

// After the last pass: writes the file, and says what is in it. `trace` is that of new_trace(), or
// nullptr. Returns `code`, or a worse one.
ExitCode write_trace(const StreamOptions& options, const stats::Trace* trace,
                     const result::Origin& origin, ExitCode code);

}  // namespace aiobench::tool
