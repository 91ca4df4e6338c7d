// One run: one file, hashed once, through one engine. This is where engine, lanes, threads and
// clock come together, and where what is timed begins and ends: with the first lane's start and
// the last lane's end, with every thread, buffer and ring made before and undone after.
#pragma once

#include <functional>
#include <optional>
#include <string>

#include "base/error.h"
#include "engine/catalog.h"
#include "hash/hasher.h"
#include "measure/recorder.h"
#include "platform/cpu_time.h"
#include "platform/interrupt.h"
#include "platform/memory.h"

namespace aiobench::pipeline {

struct RunSettings {
  engine::EngineSpec engine;
  unsigned depth = 1;
  unsigned threads = 1;
  std::uint32_t block_bytes = 0;
  hash::Algorithm hash = hash::Algorithm::xxh3;
  bool direct = false;
};

struct RunOutcome {
  std::optional<Error> failure;
  bool interrupted = false;  // the figures are of a part of the file, and there is no digest
  std::string digest;        // empty without a hash, or where no whole file was hashed
  std::uint64_t file_bytes = 0;
  std::uint64_t hashed_bytes = 0;
  unsigned lanes = 0;    // depth, or the number of blocks where that is smaller
  unsigned threads = 0;  // that served: no more than lanes
  double wall_seconds = 0;
  platform::CpuTime cpu;
  measure::Recorder totals;
};

// Called from the calling thread some times a second, with the bytes hashed so far.
using Progress = std::function<void(std::uint64_t done_bytes, std::uint64_t file_bytes)>;

// The memory of runs that follow one another: made for the largest, and used again.
class BufferPool {
 public:
  // `lanes` buffers of `stride` bytes.
  Status reserve(unsigned lanes, std::size_t stride);
  std::span<std::byte> span() const { return memory_.span(); }

 private:
  platform::PageMemory memory_;
};

// Hashes `path`. `event` is what platform::watch_interrupts() was given: an interrupt ends the
// run early. The calling thread waits, and reports progress.
RunOutcome hash_file(const RunSettings& settings, const std::string& path, BufferPool& pool,
                     platform::WakeEvent& event, const Progress& progress);

// The same over an engine that the caller made for it, and a file that it attached to that
// engine: for tests. The engine's buffers are used.
RunOutcome hash_attached(engine::Engine& engine, const engine::AttachedFile& file,
                         const RunSettings& settings, platform::WakeEvent& event,
                         const Progress& progress);

// How many lanes a file of that size keeps busy: depth, or fewer for a small file.
unsigned lanes_for(std::uint64_t file_bytes, const RunSettings& settings);

}  // namespace aiobench::pipeline
