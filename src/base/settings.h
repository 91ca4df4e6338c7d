// The settings of one run, in one record for the whole program. The command line or the library
// fills it, run::choose_missing() makes the choices that were left open, src/run measures with it,
// and src/result stores it. Names of engines are those of engine/registry.h.
//
// What is not a setting of the run has a struct of its own: run::RunContext (buffers, event,
// progress, trace), tool::Measurement (passes), tool::Outputs (files, formats).
#pragma once

#include <cstdint>
#include <optional>
#include <string>

#include "base/units.h"

namespace aiobench {

// The limits of the settings, for the command line and the library.
inline constexpr std::uint64_t kMaxDepth = 4096;
inline constexpr std::uint64_t kMaxThreads = 1024;
inline constexpr std::uint64_t kMinBlock = 512;
inline constexpr std::uint64_t kMaxBlock = kGiB;

// The engine name that leaves the choice to run::choose_missing().
inline constexpr const char* kAutoEngine = "auto";
// The engine name of the system's copy function. Only for copies, and not in the registry.
inline constexpr const char* kSystemCopy = "os";

enum class HashAlgorithm { none, xxh32, xxh64, xxh3, xxh128 };
inline constexpr Named<HashAlgorithm> kHashAlgorithms[] = {{HashAlgorithm::xxh32, "xxh32"},
                                                           {HashAlgorithm::xxh64, "xxh64"},
                                                           {HashAlgorithm::xxh3, "xxh3"},
                                                           {HashAlgorithm::xxh128, "xxh128"},
                                                           {HashAlgorithm::none, "none"}};
inline const char* name(HashAlgorithm algorithm) {
  return name_in(kHashAlgorithms, algorithm);
}

// The state of the page cache before each pass.
enum class CacheState {
  asis,    // unchanged
  warm,    // the file is in the cache
  cold,    // nothing of the file is in the cache
  direct,  // the cache is bypassed: O_DIRECT, FILE_FLAG_NO_BUFFERING
};
inline constexpr Named<CacheState> kCacheStates[] = {{CacheState::asis, "asis"},
                                                     {CacheState::warm, "warm"},
                                                     {CacheState::cold, "cold"},
                                                     {CacheState::direct, "direct"}};
inline const char* name(CacheState state) {
  return name_in(kCacheStates, state);
}

// The order in which the blocks of a file are read.
enum class Pattern { sequential, random };
inline constexpr Named<Pattern> kPatterns[] = {{Pattern::sequential, "sequential"},
                                               {Pattern::random, "random"}};
inline const char* name(Pattern pattern) {
  return name_in(kPatterns, pattern);
}

// How a copy is written. `automatic` leaves the choice to run::choose_missing().
enum class WriteCache { automatic, buffered, direct };
inline constexpr Named<WriteCache> kWriteCaches[] = {{WriteCache::automatic, "auto"},
                                                     {WriteCache::buffered, "buffered"},
                                                     {WriteCache::direct, "direct"}};
inline const char* name(WriteCache cache) {
  return name_in(kWriteCaches, cache);
}

// Settings of a read run. Without a duration and without bytes: as many requests as the file has
// blocks. With both: until the first of the two is reached. 0 means no limit.
struct ReadSettings {
  Pattern pattern = Pattern::sequential;
  std::uint64_t seed = 1;
  double duration_seconds = 0;
  std::uint64_t limit_bytes = 0;  // per file, rounded up to whole requests
  double rate_per_second = 0;     // requests per file; latency is measured from the due time
  unsigned files_at_once = 1;     // if above 1, CPU time covers all of these files

  bool operator==(const ReadSettings&) const = default;
};

// Settings of a copy.
struct CopySettings {
  std::string destination;
  std::string writer;  // the engine that writes, with options; set by run::choose_missing()
  WriteCache write_cache = WriteCache::automatic;
  bool sparse = true;   // holes of the source stay holes
  bool flush = true;    // flush to the device before the copy counts as done
  bool verify = false;  // read the destination back and compare it

  bool operator==(const CopySettings&) const = default;
};

struct Settings {
  std::string engine = kAutoEngine;
  std::string engine_options;     // "batch=1,skip_on_success"; empty if none
  unsigned depth = 0;             // requests in flight; 0 until chosen, also in the next two
  unsigned threads = 0;           // worker threads
  std::uint32_t block_bytes = 0;  // of one request
  HashAlgorithm hash = HashAlgorithm::xxh3;
  CacheState cache = CacheState::asis;
  double interval_seconds = 0;          // length of the reported intervals, or 0 for none
  std::string latency_of = "requests";  // what a latency of this engine measures
  std::string requested_engine;         // "auto" if it chose `engine`, otherwise empty
  std::optional<ReadSettings> read;     // only for the job "read"
  std::optional<CopySettings> copy;     // only for the job "copy"

  bool operator==(const Settings&) const = default;

  // "iocp:batch=1,skip_on_success", as on the command line.
  std::string engine_text() const {
    return engine_options.empty() ? engine : engine + ":" + engine_options;
  }
  bool engine_is_open() const { return engine == kAutoEngine; }
  bool copies_by_system() const { return engine == kSystemCopy; }
  bool direct() const { return cache == CacheState::direct; }
  bool random() const { return read && read->pattern == Pattern::random; }
};

}  // namespace aiobench
