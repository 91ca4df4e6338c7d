// The results that a command is given: a file, or a directory of them.
#pragma once

#include <string>
#include <vector>

#include "base/error.h"
#include "result/model.h"
#include "tool/options.h"
#include "tool/output.h"

namespace aiobench::tool {

// The files that `path` stands for: itself, or all files of that directory that end in ".json", in
// the order of their names, without directories within it. A directory without one is an error.
Result<std::vector<std::string>> result_files(const std::string& path);

// What is in them. One that cannot be used makes all of them unusable: nothing is left out in
// silence.
Result<std::vector<result::Results>> read_results(const std::vector<std::string>& files);

// Where a measured result goes: stdout, run by run or at the end, and the files of --json and
// --csv.

// Refuses an output that would overwrite an input or the other output, or that cannot be written.
Status check_outputs(const StreamOptions& options);

// What of the last run goes to stdout as soon as it is there.
void print_run(const result::Results& result, const StreamSettings& settings);

// What an interrupt has left to be told of.
std::string what_is_there(const result::Results& result);

// The end: what goes to stdout as a whole, and the files. Returns `code`, or a worse one.
ExitCode write_outputs(const StreamOptions& options, Format format, result::Results& result,
                       ExitCode code);

}  // namespace aiobench::tool
