// One copy: a file is read, hashed in order and written under a temporary name, which becomes the
// destination's once all of it is there. Whatever goes wrong before leaves the destination as it
// was, and no temporary file.
#pragma once

#include <optional>
#include <string>

#include "run/copy.h"
#include "run/run.h"

namespace aiobench::pipeline {

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
                      platform::WakeEvent& event, const Progress& progress);

// The part between open and flush, over an engine that has both files. `reader` as for CopyJob;
// then `source` is attached to that.
RunOutcome copy_attached(engine::Engine& engine, engine::Engine* reader,
                         const engine::AttachedFile& source, const Destination& destination,
                         const RunSettings& settings, platform::WakeEvent& event,
                         const Progress& progress);

}  // namespace aiobench::pipeline
