// The result of a command: everything that was measured, raw, and what is needed to interpret it.
// All reports are made from this value alone. Names end in their unit.
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "base/error.h"
#include "base/settings.h"
#include "os/host.h"
#include "stats/timeline.h"

namespace aiobench::result {

// The reasons to distrust a result. docs/result-format.md describes each code.
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
  // The run did not measure what was requested, or the measurement is distorted: do not quote its
  // figures.
  bool suspect;
  // A requested setting was not achieved. The warning is also printed on stderr, whatever the
  // output format is.
  bool unmet;
};

// One entry per code, in the order of WarningCode.
std::span<const WarningKind> warning_kinds();
const WarningKind& kind_of(WarningCode code);
// Returns nullptr if no kind has this name.
const WarningKind* find_warning(std::string_view name);

// A warning about one run, with advice on what to do.
struct Warning {
  WarningCode code{};
  std::string message;  // includes the measured values behind it
  std::string advice;

  const WarningKind& kind() const { return kind_of(code); }
};

// Adds the warning unless `warnings` already contains one with the same code.
void add_warning(std::vector<Warning>& warnings, Warning warning);

struct Target {
  std::string path;
  std::uint64_t file_bytes = 0;
  os::StorageInfo storage;
  // Share of the file's pages in the page cache, estimated from a sample: before the first pass
  // (after the cache was prepared as requested) and after the last. Not set if the system does not
  // report it.
  std::optional<double> cached_share_before;
  std::optional<double> cached_share_after;
  // Share of the file's bytes that are not on the device before the first pass: holes and ranges
  // that were never written.
  std::optional<double> hole_share;
};

// What was transferred in one time interval of a pass.
struct Interval {
  double start_seconds = 0;  // since the start of the pass
  double seconds = 0;
  std::uint64_t requests = 0;
  std::uint64_t bytes = 0;
  std::uint64_t p50_ns = 0;
  std::uint64_t p99_ns = 0;
};

// The intervals of a pass that took `wall_seconds`.
std::vector<Interval> intervals_of(const stats::Timeline& timeline, double wall_seconds);

// The parts of a copy besides reading and hashing. The time of a step that did not run is 0.
struct CopyFigures {
  stats::Flow writes;
  double open_seconds = 0;
  double allocate_seconds = 0;
  double flush_seconds = 0;
  double verify_seconds = 0;
  double rename_seconds = 0;
  bool verified = false;  // read back and compared equal

  double writes_inline_share() const;
  // The total time of the copy without verification: `copy_seconds`, the time of the transfers,
  // plus opening, allocating, flushing and renaming.
  double whole_seconds(double copy_seconds) const;
};

// One pass over the file.
struct Repetition {
  // Start by the wall clock, since 1970. It orders passes, within one run or across several.
  std::uint64_t started_unix_ns = 0;  // 0: unknown
  std::string digest;                 // empty if there is none
  bool partial = false;               // interrupted: the figures cover only a part of the file
  unsigned lanes = 0;    // most requests in flight: the depth, or fewer for a small file
  unsigned threads = 0;  // worker threads
  std::uint64_t bytes = 0;
  std::uint64_t requests = 0;
  std::uint64_t inline_completions = 0;  // requests that finished inside the submitting call
  double wall_seconds = 0;
  double user_seconds = 0;
  double system_seconds = 0;
  // Share of the CPU time of all processors that other processes used during the pass. Not set if
  // the system does not report it, or if the pass was too short to tell.
  std::optional<double> other_cpu_share;
  stats::Histogram latency_ns;
  // How the threads spent their time; the four values add up to threads x wall time.
  double submitting_seconds = 0;
  double waiting_seconds = 0;
  double hashing_seconds = 0;
  double rest_seconds = 0;
  // The intervals in which requests (for a copy: writes) completed, in order.
  std::vector<Interval> intervals;
  // Only for the job "copy". Then all values above, except times and intervals, describe its reads.
  std::optional<CopyFigures> copy;

  double bytes_per_second() const;
  double requests_per_second() const;
  double cpu_seconds() const { return user_seconds + system_seconds; }
  double cpu_seconds_per_gib() const;
  double inline_share() const;
  // Reads plus, for a copy, writes.
  std::uint64_t all_requests() const;
  // The average number of requests in flight by Little's law: the sum of all latencies divided by
  // the wall time.
  double depth_achieved() const;
};

struct ToolInfo {
  std::string version;
  std::string commit;
  std::string compiler;
  std::string build_type;  // "Release"; names the sanitizers of a build that has some
  bool optimized = true;
};

// What produced the measurement: the program, the machine, and the program's own overhead.
struct Origin {
  ToolInfo tool;
  os::HostInfo host;
  std::string clock;
  std::string hash_instructions;
  stats::OwnCost own_cost;
};

// The measurements of one file with one configuration.
struct Run {
  std::string job;  // "hash", "read", "copy"
  Settings config;  // all chosen
  Target target;
  std::vector<Repetition> repetitions;
  bool partial = false;  // interrupted before all requested repetitions were done
  std::vector<Warning> warnings;
  // The origin of this run if it differs from that of the result: in a sweep on Linux, the Windows
  // build under Wine.
  std::optional<Origin> origin;
  std::optional<Error> failure;

  // The repetition with the median wall time; of an even number, the slower of the two in the
  // middle. Returns a partial repetition only if there is no complete one, and nullptr if there is
  // none.
  const Repetition* median_repetition() const;
  // True if one of the warnings is of a suspect kind.
  bool suspect() const;
};

struct Results : Origin {
  std::vector<Run> runs;

  const Origin& origin_of(const Run& run) const { return run.origin ? *run.origin : *this; }
};

}  // namespace aiobench::result
