// A copy: a file is read, hashed in file order and written under a temporary name. The copy gets
// its final name after all of it is written. On any failure before that, the destination keeps its
// old content and no temporary file is left. lanes.cpp contains the lanes.
#pragma once

#include <atomic>
#include <mutex>
#include <optional>
#include <string>

#include "base/error.h"
#include "engine/engine.h"
#include "run/block.h"
#include "run/hash.h"
#include "run/run.h"

namespace aiobench::run {

// The destination of a copy.
struct Destination {
  const engine::AttachedFile* file = nullptr;  // the temporary file
  std::string path;             // the final name, for messages; `file` has a temporary name
  std::uint32_t alignment = 1;  // see BlockWrite
  HoleMap holes;                // of the source
};

class CopyJob {
 public:
  // What the lanes of one copy share, besides `reading`, the HashJob that reads and hashes.
  // `reading`, `destination` and `reader` outlive the job. `reader`: a second engine for the reads,
  // or nullptr; see Transfer::via.
  CopyJob(HashJob& reading, const Destination& destination, engine::Engine* reader)
      : reading_(reading), destination_(destination), reader_(reader) {}

  // After the run: the failure with the lowest offset, of a read or of a write.
  std::optional<Error> failure() const;
  // Bytes written so far, in any order. Any thread.
  std::uint64_t written_bytes() const { return written_bytes_.load(std::memory_order_relaxed); }

  // For the lanes.
  HashJob& reading() { return reading_; }
  const Destination& destination() const { return destination_; }
  engine::Engine* reader() { return reader_; }
  // Records that a block was written, or the failure, which stops the run.
  void written(const BlockTransfer& reading, const BlockWrite& writing);

 private:
  void note(Error error);

  HashJob& reading_;
  const Destination& destination_;
  engine::Engine* const reader_;
  std::atomic<std::uint64_t> written_bytes_{0};
  std::mutex mutex_;
  std::optional<Error> failure_;  // of a write; guarded by mutex_
};

// `traced`: the lane records its events in the log of its worker (tracing.h).
Lane copy_lane(CopyJob& job, LaneBuffer buffer, bool traced);

// Seconds; 0 for a step that was not executed.
struct CopyTimes {
  double open = 0;      // opening both files, making engine and buffers
  double allocate = 0;  // setting the destination's length and allocating its space
  double copy = 0;      // from the first request to the end of the last one
  double flush = 0;     // flushing to the device
  double verify = 0;
  double rename = 0;  // including the setting of time stamps and permissions
};

struct CopyOutcome {
  RunOutcome run;  // `digest` is that of the data read
  CopyTimes times;
  // With `verify`: the first offset at which the copy differs from the source. In this case the
  // copy is not renamed to its final name.
  std::optional<FileOffset> differs_at;
  bool verified_past_cache = false;  // the compared data was read from the device
};

// Copies `from` to `settings.copy->destination`. Replaces an existing destination, so the caller
// must check first whether it may be replaced. Engines hash the data while they copy it. The copy
// function of the system (kSystemCopy), a baseline, computes no digest: if the copy is verified,
// the source is read once more for its digest. Uses `context.pools.front()`.
CopyOutcome copy_file(const Settings& settings, const std::string& from, const RunContext& context);

// The part between open and flush, with an engine that has both files open: for tests. `reader`:
// see CopyJob; if it is set, `source` is attached to it.
RunOutcome copy_attached(engine::Engine& engine, engine::Engine* reader,
                         const engine::AttachedFile& source, const Destination& destination,
                         const Settings& settings, const RunContext& context);

struct Verified {
  std::optional<FileOffset> differs_at;
  bool past_cache = false;  // the compared data was read from the device
};

// Reads `copy` back, bypassing the page cache if possible, and compares its digest with `digest`,
// that of `original`. If they differ, reads both files again to find the first difference. An
// interrupt is an error.
Result<Verified> verify(const std::string& original, const std::string& copy, HashAlgorithm hash,
                        const std::string& digest, const RunContext& context);

}  // namespace aiobench::run
