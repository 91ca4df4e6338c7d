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
#include "run/block.h"
#include "run/hash.h"
#include "run/run.h"

namespace aiobench::run {

// What a copy goes into.
struct Destination {
  const engine::AttachedFile* file = nullptr;
  std::string path;  // as users know it; the file may have another name until it is whole
  std::uint32_t alignment = 1;  // as for BlockWrite
  HoleMap holes;                // of the source
};

class CopyJob {
 public:
  // `source` reads and hashes. `reader` is an engine besides the scheduler's that reads, or
  // nullptr: see Transfer::via. All outlive the job.
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

// One copy: a file is read, hashed in order and written under a temporary name, which becomes the
// destination's once all of it is there. Whatever goes wrong before leaves the destination as it
// was, and no temporary file.

struct CopySettings {
  // By the system's own call instead of an engine, as a baseline. What was read is not hashed on
  // the way then: the digest is that of the source, read once more, and only where it is to be
  // verified.
  bool by_system = false;
  // Writes where RunSettings::engine only reads.
  engine::EngineSpec writer;
  bool write_direct = false;  // past the page cache
  bool sparse = true;         // holes of the source stay holes
  bool flush = true;          // the data is on the device before the copy counts as done
  bool verify = false;        // the destination is read back and compared
};

// Seconds; 0 for what was not done.
struct CopyTimes {
  double open = 0;      // both files, engine and buffers
  double allocate = 0;  // the destination's length and space
  double copy = 0;      // from the first request to the end of the last one
  double flush = 0;     // to the device
  double verify = 0;
  double rename = 0;  // with times and permissions
};

struct CopyOutcome {
  RunOutcome run;  // `digest` is of what was read
  CopyTimes times;
  // Of --verify: where the destination is another one than the source. It was not put in place.
  std::optional<FileOffset> differs_at;
  bool verified_past_cache = false;
};

// Whether to write `to` past the page cache where that is left open: the file system can, blocks of
// that size fit (0: of any that will be chosen), mapped ones too, and `from` is so large that it
// pays. Makes the temporary file of `to` for a moment.
bool direct_pays(const std::string& from, const std::string& to, std::uint32_t block_bytes);

// The destination exists and may be replaced, or does not: the caller has checked it.
CopyOutcome copy_file(const RunSettings& settings, const CopySettings& copy,
                      const std::string& from, const std::string& to, BufferPool& pool,
                      os::WakeEvent& event, const Progress& progress);

// The part between open and flush, over an engine that has both files. `reader` as for CopyJob;
// then `source` is attached to that.
RunOutcome copy_attached(engine::Engine& engine, engine::Engine* reader,
                         const engine::AttachedFile& source, const Destination& destination,
                         const RunSettings& settings, os::WakeEvent& event,
                         const Progress& progress);

// Whether a copy on its device is what was read.

struct Verified {
  std::optional<FileOffset> differs_at;
  bool past_cache = false;  // what was compared came from the device
};

// Reads `copy` back past the page cache and compares its digest with `digest`, that of `original`;
// where they differ, both are read again to find out where. An interrupt is an error.
Result<Verified> verify(const std::string& original, const std::string& copy, hash::Algorithm hash,
                        const std::string& digest, BufferPool& pool, os::WakeEvent& event,
                        const Progress& progress);

}  // namespace aiobench::run
