// What the files of a read command go through together: cache state, warm-up passes, measured
// passes.
#pragma once

#include <string>
#include <vector>

#include "result/model.h"
#include "run/read_run.h"
#include "tool/session.h"

namespace aiobench::tool {

// One run a file, in their order. A file's failure ends its own run only; an interrupt ends all.
// What was measured before is kept.
std::vector<measure::Run> run_reads(const StreamSettings& wanted,
                                    const pipeline::ReadSettings& read,
                                    const std::vector<std::string>& files);

}  // namespace aiobench::tool
