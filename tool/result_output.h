// Where a measured result goes: stdout, run by run or at the end, and the files of --json and
// --csv.
#pragma once

#include <string>

#include "result/model.h"
#include "tool/exit_code.h"
#include "tool/options.h"

namespace aiobench::tool {

// Refuses an output that would overwrite an input or the other output, or that cannot be written.
Status check_outputs(const StreamOptions& options);

// What of the last run goes to stdout as soon as it is there.
void print_run(const measure::Result& result, const StreamSettings& settings);

// What an interrupt has left to be told of.
std::string what_is_there(const measure::Result& result);

// The end: what goes to stdout as a whole, and the files. Returns `code`, or a worse one.
ExitCode write_outputs(const StreamOptions& options, Format format, measure::Result& result,
                       ExitCode code);

}  // namespace aiobench::tool
