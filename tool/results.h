// Result files: those that a command reads, and those that it writes.
#pragma once

#include <string>
#include <vector>

#include "base/error.h"
#include "result/model.h"
#include "tool/options.h"
#include "tool/output.h"

namespace aiobench::tool {

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

}  // namespace aiobench::tool
