// One run: one file, hashed once, through one engine. This is where engine, lanes, threads and
// clock come together, and where what is timed begins and ends: with the first lane's start and
// the last lane's end, with every thread, buffer and ring made before and undone after.
#pragma once

#include <string>

#include "run/run.h"

namespace aiobench::pipeline {

// Hashes `path`. `event` is what platform::watch_interrupts() was given: an interrupt ends the
// run early. The calling thread waits, and reports progress.
RunOutcome hash_file(const RunSettings& settings, const std::string& path, BufferPool& pool,
                     platform::WakeEvent& event, const Progress& progress);

// The same over an engine that the caller made for it, and a file that it attached to that
// engine: for tests. The engine's buffers are used.
RunOutcome hash_attached(engine::Engine& engine, const engine::AttachedFile& file,
                         const RunSettings& settings, platform::WakeEvent& event,
                         const Progress& progress);

}  // namespace aiobench::pipeline
