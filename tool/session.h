// Measuring files: page cache state, warm-up passes, measured passes, and the resulting Run. Shared
// by hash, read, copy and sweep. All functions run in the main thread.
#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "base/error.h"
#include "os/console.h"
#include "report/report_model.h"
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

// Result files: those that a command reads, and those that it writes.

// `path` itself or, if it is a directory, the files in it whose names end in ".json", in order of
// their names, without subdirectories. A directory without such a file is an error.
Result<std::vector<std::string>> result_files(const std::string& path);

// Reads all files. An unusable file is an error, so that no result is silently left out.
Result<std::vector<result::Results>> read_results(const std::vector<std::string>& files);

// Refuses an output file that is also an input or another output, or that cannot be written.
Status check_outputs(const StreamOptions& options);

// Prints the last run on stdout in the formats text and xxhsum; the other formats print at the end.
void print_run(const result::Results& result, const StreamSettings& settings);

// What an interrupted command reports: whether there are partial figures of the last file.
std::string interrupt_note(const result::Results& result);

// At the end: prints the formats json and csv on stdout and writes the files of --json and --csv.
// Returns `code`, or a more severe one.
ExitCode write_outputs(const StreamOptions& options, Format format, result::Results& result,
                       ExitCode code);

// Test files whose data cannot be compressed or deduplicated.

// Creates the file `path` with `bytes` bytes of pseudo-random data that depends only on `seed`. The
// data is written, not a hole. The file is written under a temporary name and renamed when
// complete. An existing file is an error unless `replace` is true. `progress` shows a status line
// on stderr.
Status create_data_file(const std::string& path, std::uint64_t bytes, std::uint64_t seed,
                        bool replace, bool progress);

// The file that hash and read use without FILE: 256 MiB in the cache directory, created on first
// use.
Result<std::string> default_file(bool progress);

// The ranking of the configurations in a section of a report, by the same rules as in a sweep.

// Ranks by throughput over the whole time that a user waits, which in a copy includes the flush.
report::Ranking ranking_of(const std::vector<const result::Configuration*>& configurations);

}  // namespace aiobench::tool
