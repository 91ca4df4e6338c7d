// Everything that the lanes of one copy share besides what they share as hash lanes; and the lane:
//
//     claim the next block -> read -> my turn -> hash -> pass the turn -> write -> again
#pragma once

#include <atomic>
#include <mutex>
#include <optional>
#include <string>

#include "base/error.h"
#include "engine/engine.h"
#include "run/block_write.h"
#include "run/hash.h"
#include "run/hole_map.h"

namespace aiobench::pipeline {

// What a copy goes into.
struct Destination {
  const engine::AttachedFile* file = nullptr;
  std::string path;  // as users know it; the file may have another name until it is whole
  std::uint32_t alignment = 1;  // as for BlockWrite
  HoleMap holes;                // of the source
};

class CopyJob {
 public:
  // `source` reads and hashes. `reader` is an engine besides the crew's that reads, or nullptr: see
  // Transfer::via. All outlive the job.
  CopyJob(HashJob& source, const Destination& destination, engine::Engine* reader)
      : source_(source), destination_(destination), reader_(reader) {}

  // After the run: the failure with the lowest offset, of reading or of writing.
  std::optional<Error> failure() const;
  // Bytes of the source that are in the destination, in any order. Any thread.
  std::uint64_t written_bytes() const { return written_bytes_.load(std::memory_order_relaxed); }

  // For the lanes.
  HashJob& source() { return source_; }
  const Destination& destination() const { return destination_; }
  engine::Engine* reader() { return reader_; }
  // Notes what came of the writing of a block that was read; a failure stops the run.
  void written(const BlockTransfer& read, const BlockWrite& writing);

 private:
  void note(Error error);

  HashJob& source_;
  const Destination& destination_;
  engine::Engine* const reader_;
  std::atomic<std::uint64_t> written_bytes_{0};
  std::mutex mutex_;
  std::optional<Error> failure_;  // of writing; guarded by mutex_
};

// `traced`: it notes what it does in its worker's log (tracing.h).
Lane copy_lane(CopyJob& job, LaneBuffer buffer, bool traced);

}  // namespace aiobench::pipeline
