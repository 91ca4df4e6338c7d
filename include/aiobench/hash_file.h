// Hashes a file, in file order, over an I/O mechanism of this system, and says what it did.
#pragma once

#include <cstdint>
#include <functional>
#include <string>

#include "aiobench/error.h"

namespace aiobench {

// 0, and the engine "auto", leave a choice open: it is made for the file, by what was measured.
struct HashSettings {
  std::string engine = "auto";    // one of engines(), options behind a colon: "libaio:batch=1"
  unsigned depth = 0;             // requests in flight, 1 to 4096
  unsigned threads = 0;           // that serve completions, 1 to 1024
  std::uint32_t block_bytes = 0;  // of one request, 512 to 1 GiB
  std::string hash = "xxh3";      // or xxh32, xxh64, xxh128, none
  bool direct = false;            // past the page cache: O_DIRECT, FILE_FLAG_NO_BUFFERING
};

struct HashFigures {
  std::string digest;  // as xxhsum prints it; empty with the hash "none" and the engine "null"
  std::string engine;  // the one that did it, with its options
  unsigned depth = 0;
  unsigned threads = 0;
  std::uint32_t block_bytes = 0;
  std::uint64_t bytes = 0;
  std::uint64_t requests = 0;
  std::uint64_t inline_completions = 0;  // of the requests: finished inside the call
  double wall_seconds = 0;               // without set-up and teardown
  double user_seconds = 0;               // processor time of the whole process meanwhile
  double system_seconds = 0;
  // From the moment before a request is handed over until its completion was taken.
  std::uint64_t latency_p50_ns = 0;
  std::uint64_t latency_p99_ns = 0;
  std::uint64_t latency_max_ns = 0;

  // 0 where it took no time that can be measured.
  double gib_per_second() const;
};

// Bytes done so far, and how many there will be. Called in the thread that called hash_file(), some
// times a second.
using HashProgress = std::function<void(std::uint64_t done_bytes, std::uint64_t all_bytes)>;

// Hashes the file at `path` (UTF-8). Blocks until it is done; it may be called in several threads
// at once, each call with an engine, threads and memory (depth x block) of its own, which are gone
// when it returns.
//
// Errors: of kind `usage` for settings that cannot be used, before anything is touched; else of
// kind `system`, with the path, the offset and the system's code: a mechanism that does not run
// here, a file that cannot be read, or one that changed meanwhile. No digest is ever that of a
// part.
Result<HashFigures> hash_file(const std::string& path, const HashSettings& settings = {},
                              const HashProgress& progress = {});

}  // namespace aiobench
