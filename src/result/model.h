// The result of a command, as a value: everything that was measured, raw, with what is needed to
// read it rightly. The reports are made from it and from nothing else. Units are in the names.
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "base/error.h"
#include "os/host.h"
#include "stats/timeline.h"

namespace aiobench::result {

// What a reader has to know before he trusts or quotes a figure, and what to do about it.

// docs/result-format.md says of each what it means.
enum class WarningCode {
  cache_not_verified,
  cache_not_cold,
  cache_not_warm,
  rate_not_reached,
  verified_in_cache,
  wine,
  debug_build,
  busy_machine,
  coarse_clock,
  sparse_file,
  cached_though_direct,
  mostly_inline,
  depth_not_reached,
  hash_bound,
  cpu_bound,
  few_requests,
  drift,
  traced,
};

struct WarningKind {
  WarningCode code;
  const char* name;  // stable, for programs: "cache_not_cold"
  // The figures are not those of what they are said to be: none of them is to be quoted.
  bool suspect;
  // What was asked for was not had. Whoever asked is told on stderr too, whatever the format.
  bool unmet;
};

// One for each code, in the order of the codes.
std::span<const WarningKind> warning_kinds();
const WarningKind& kind_of(WarningCode code);
// The kind with that name; nullptr where there is none.
const WarningKind* find_warning(std::string_view name);

struct Warning {
  WarningCode code{};
  std::string message;  // with the figures that it follows from
  std::string advice;

  const WarningKind& kind() const { return kind_of(code); }
};

// Adds a warning unless one with the same code is there already.
void add_warning(std::vector<Warning>& warnings, Warning warning);

// What is asked for besides, where nothing is hashed. 0: no such limit.
struct ReadConfig {
  std::string pattern;  // "sequential", "random"
  std::uint64_t seed = 0;
  double duration_seconds = 0;
  std::uint64_t limit_bytes = 0;
  double rate_per_second = 0;  // requests; their latency counts from when they were due
  unsigned files_at_once = 1;  // processor time is that of all of them
};

// What is asked for besides, where a file is copied.
struct CopyConfig {
  std::string destination;
  std::string writer;       // the engine that writes
  std::string write_cache;  // "buffered", "direct"
  bool sparse = true;       // holes stay holes
  bool flush = true;        // flushed before it counts as done
  bool verify = false;
};

// What was asked for.
struct Config {
  std::string engine;
  std::string engine_options;  // "batch=1,skip_on_success"; empty where none
  unsigned depth = 0;
  unsigned threads = 0;
  std::uint64_t block_bytes = 0;
  std::string hash;
  std::string cache;
  double interval_seconds = 0;          // asked for, or 0
  std::string latency_of = "requests";  // what the latencies are of, with this engine
  std::string requested_engine;         // "auto", where that chose `engine`; empty else
  std::optional<ReadConfig> read;       // of the job "read"
  std::optional<CopyConfig> copy;       // of the job "copy"
};

struct Target {
  std::string path;
  std::uint64_t file_bytes = 0;
  os::StorageInfo storage;
  // Of the file's pages, by a sample, in the page cache before the first pass (the cache prepared
  // as was asked for) and after the last; nothing where the system does not tell.
  std::optional<double> cached_share_before;
  std::optional<double> cached_share_after;
  // Of its bytes, before the first pass: held by no disk, as they are holes or were never written.
  std::optional<double> hole_share;
};

// A part of a pass: what was done in that time.
struct Interval {
  double start_seconds = 0;  // since the start of the pass
  double seconds = 0;
  std::uint64_t requests = 0;
  std::uint64_t bytes = 0;
  std::uint64_t p50_ns = 0;
  std::uint64_t p99_ns = 0;
};

// The intervals of a pass that took so long.
std::vector<Interval> intervals_of(const stats::Timeline& timeline, double wall_seconds);

// What a copy did besides reading and hashing. Seconds are 0 for what was not done.
struct CopyFigures {
  stats::Flow writes;
  double open_seconds = 0;
  double allocate_seconds = 0;
  double flush_seconds = 0;
  double verify_seconds = 0;
  double rename_seconds = 0;
  bool verified = false;  // read back and found the same

  double writes_inline_share() const;
  // What the user waits for, given the time of the copying itself; without verifying.
  double whole_seconds(double copy_seconds) const;
};

// One pass over the file.
struct Repetition {
  // By the wall clock, since 1970: in what order passes were made, in one run or in several.
  std::uint64_t started_unix_ns = 0;  // 0: not known
  std::string digest;                 // empty where there is none
  bool partial = false;               // interrupted: the figures are of a part of the file
  unsigned lanes = 0;    // requests that could be in flight: depth, or less for a small file
  unsigned threads = 0;  // that served
  std::uint64_t bytes = 0;
  std::uint64_t requests = 0;
  std::uint64_t inline_completions = 0;  // of the requests: finished inside the call
  double wall_seconds = 0;
  double user_seconds = 0;
  double system_seconds = 0;
  // Of all processors' time meanwhile: taken by other processes. Nothing where the system does not
  // tell, and of a pass too short to tell.
  std::optional<double> other_cpu_share;
  stats::Histogram latency_ns;
  // Where the threads' time went; the four sum up to threads x wall time.
  double submitting_seconds = 0;
  double waiting_seconds = 0;
  double hashing_seconds = 0;
  double rest_seconds = 0;
  // Of its requests (of a copy, its writes), in order, without those in which nothing was done.
  std::vector<Interval> intervals;
  // Of the job "copy"; all above but times and intervals is of its reads then.
  std::optional<CopyFigures> copy;

  double bytes_per_second() const;
  double requests_per_second() const;
  double cpu_seconds() const { return user_seconds + system_seconds; }
  double cpu_seconds_per_gib() const;
  double inline_share() const;
  // Reads, and the writes of a copy.
  std::uint64_t all_requests() const;
  // Requests in flight on average, by Little's law: the latencies' sum over the time.
  double depth_achieved() const;
};

struct ToolInfo {
  std::string version;
  std::string commit;
  std::string compiler;
  std::string build_type;  // "Release"; with the sanitizers, where it was built with some
  bool optimized = true;
};

// What made the measurement: the program, the machine, and what the two do to the figures.
struct Origin {
  ToolInfo tool;
  os::HostInfo host;
  std::string clock;
  std::string hash_instructions;
  stats::OwnCost own_cost;
};

// One file under one configuration.
struct Run {
  std::string job;  // "hash", "read", "copy"
  Config config;
  Target target;
  std::vector<Repetition> repetitions;
  bool partial = false;  // interrupted before all repetitions that were asked for were done
  std::vector<Warning> warnings;
  // Where another program made it than the rest of the result: in a sweep the Windows build.
  std::optional<Origin> origin;
  std::optional<Error> failure;

  // The repetition with the median wall time (of an even number, the slower of the two). A partial
  // one only where there is no other; nullptr where there is none at all.
  const Repetition* median_repetition() const;
  // One of the warnings says that no figure of it is to be quoted.
  bool suspect() const;
};

struct Results : Origin {
  std::vector<Run> runs;

  const Origin& origin_of(const Run& run) const { return run.origin ? *run.origin : *this; }
};

}  // namespace aiobench::result
