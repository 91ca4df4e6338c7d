// What one file goes through in a command: cache state, warm-up passes, measured passes.
#pragma once

#include <string>

#include "result/model.h"
#include "run/auto_tune.h"
#include "run/hash_run.h"
#include "tool/options.h"

namespace aiobench::tool {

// All of it. A failure or an interrupt ends it early, and stands in the run; what was measured
// before is kept.
measure::Run run_file(const StreamSettings& settings, const std::string& path,
                      pipeline::BufferPool& pool);

// What was left open in `settings` is chosen for this file.
pipeline::RunSettings settle(const StreamSettings& settings, const std::string& path, bool random,
                             pipeline::Writes writes = pipeline::Writes::none);

// Settled settings as a result states them.
measure::Config config_of(const StreamSettings& settings);

measure::Repetition repetition_of(pipeline::RunOutcome& outcome);

// Before each pass: brings the page cache into the state that was asked for. False, with the
// failure in the run, where it cannot be.
bool prepare(const StreamSettings& settings, measure::Run& run);
// After the last pass: what is known of where the file lies.
void describe_target(measure::Run& run);

// An interrupt is no failure of the file: the run says that it is partial.
void set_failure(measure::Run& run, std::optional<Error> failure);

// A file name of no characters.
Error empty_name();

// A result without runs yet: the tool and this machine.
measure::Result new_result();
// Judges a run that is over and appends it to result.runs, whose back() it then is.
void add_run(measure::Result& result, measure::Run run);

}  // namespace aiobench::tool
