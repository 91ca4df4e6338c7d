// Hashes a file, in file order, with an I/O mechanism of this system, and reports how it was read.
#pragma once

#include <cstdint>
#include <functional>
#include <string>

#include "aiobench/error.h"

namespace aiobench {

// The value 0, and the engine "auto", leave a choice open. hash_file() then chooses for the file,
// based on measurements.
struct HashSettings {
  std::string engine = "auto";  // a name of engines(), with options after a colon: "libaio:batch=1"
  unsigned depth = 0;           // requests in flight, 1 to 4096
  unsigned threads = 0;         // threads that process completions, 1 to 1024
  std::uint32_t block_bytes = 0;  // bytes of one request, 512 to 1 GiB
  std::string hash = "xxh3";      // or xxh32, xxh64, xxh128, none
  bool direct = false;            // bypass the page cache: O_DIRECT, FILE_FLAG_NO_BUFFERING
};

struct HashFigures {
  std::string digest;  // as xxhsum prints it; empty for the hash "none" and the engine "null"
  std::string engine;  // the engine that was used, with its options
  unsigned depth = 0;
  unsigned threads = 0;
  std::uint32_t block_bytes = 0;
  std::uint64_t bytes = 0;
  std::uint64_t requests = 0;
  std::uint64_t inline_completions = 0;  // requests finished inside the submitting call
  double wall_seconds = 0;               // without setup and teardown
  double user_seconds = 0;               // processor time of the whole process during the run
  double system_seconds = 0;
  // Latency: from the moment before the request is submitted until its completion is taken.
  std::uint64_t latency_p50_ns = 0;
  std::uint64_t latency_p99_ns = 0;
  std::uint64_t latency_max_ns = 0;

  // 0 if the run was too short to be measured.
  double gib_per_second() const;
};

// Receives the bytes hashed so far and the size of the file. Called several times a second, in the
// thread that called hash_file().
using HashProgress = std::function<void(std::uint64_t done_bytes, std::uint64_t all_bytes)>;

// Hashes the file at `path` (UTF-8). Blocks until the file is hashed. Several threads may call it
// at the same time: each call has its own engine, threads and memory (depth x block size), and
// releases them before it returns.
//
// Errors: kind `usage` for invalid settings, before any file is opened; otherwise kind `system`,
// with path, offset and system code: the mechanism does not work on this machine, the file cannot
// be read, or the file changed during the run. A digest is only returned for the whole file.
Result<HashFigures> hash_file(const std::string& path, const HashSettings& settings = {},
                              const HashProgress& progress = {});

}  // namespace aiobench
