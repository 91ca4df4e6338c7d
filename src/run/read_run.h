// A read run: the mechanism without a hasher, over one file or several at the same time.
#pragma once

#include <span>
#include <string>
#include <vector>

#include "run/read.h"
#include "run/run.h"

namespace aiobench::pipeline {

// Reads `paths` at the same time, each with an engine, `depth` requests in flight and `threads`
// threads of its own, and returns what came of each, in the same order. All start together, as
// soon as all are ready; a file that cannot be opened keeps none of the others from being read.
// The processor time of each outcome is that of the whole process while they were read. `pools`
// has one for each path. `event` and `progress` as for hash_file().
std::vector<RunOutcome> read_files(const RunSettings& settings, const ReadSettings& read,
                                   std::span<const std::string> paths, std::span<BufferPool> pools,
                                   platform::WakeEvent& event, const Progress& progress);

// The same over one engine that the caller made, and a file attached to it: for tests.
RunOutcome read_attached(engine::Engine& engine, const engine::AttachedFile& file,
                         const RunSettings& settings, const ReadSettings& read,
                         platform::WakeEvent& event);

}  // namespace aiobench::pipeline
