// Files copied one after the other: from checked settings to the result value.
#pragma once

#include <string>

#include "run/copy_run.h"
#include "tool/session.h"

namespace aiobench::tool {

// The name of the system's own call for copying, beside those of the mechanisms.
inline constexpr const char* kSystemCopy = "os";

// How the destination is written, and what auto means is settled for each file.
enum class WriteCache { automatic, buffered, direct };

struct CopyWishes {
  WriteCache write_cache = WriteCache::automatic;
  bool sparse = true;
  bool flush = true;
  bool verify = false;
  bool by_system = false;  // the engine "os"
};

// One source and the name of its copy.
struct CopyPair {
  std::string from;
  std::string to;
};

// What came of it, with `bad` where the copy was read back as something else.
struct CopyRun {
  measure::Run run;
  bool bad = false;
};

// The destination was checked: it may be made, or replaced.
CopyRun copy_one(const StreamSettings& settings, const CopyWishes& wishes, const CopyPair& pair,
                 pipeline::BufferPool& pool);

}  // namespace aiobench::tool
