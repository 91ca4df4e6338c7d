// What was asked for, in words: parts of a line, without the names of files.
#pragma once

#include <cstddef>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "result/model.h"

namespace aiobench::result {

// "io_uring:sqpoll, depth 8, 2 threads, block 1 MiB, cache warm"
std::string engine_text(const result::Config& config);

// How a Windows mechanism that runs under Wine begins, so that it is never taken for another.
inline constexpr std::string_view kUnderWine = "wine/";

// What tells the rows of a table, or the lines of a chart, from each other: "io_uring:sqpoll",
// "wine/iocp", "auto=mmap".
std::string engine_label(const result::Config& config, bool under_wine);

// "256 MiB, ext4 on /dev/vda (Fast Disk 9)"
std::string file_text(const result::Target& target);

// "random, seed 7, for 2.5 s"
std::string read_text(const result::ReadConfig& read);

// "written by iocp, direct, flushed"
std::string write_text(const result::CopyConfig& copy);

// The configurations of a comparison: what was measured of one file in one configuration, on one
// side, however many result files it is spread over; and which configuration of one side is which
// of the other.

// A run, and who measured it where. Both belong to a Results that outlives this.
struct MeasuredRun {
  const result::Run* run = nullptr;
  const result::Origin* origin = nullptr;
};

struct Configuration {
  // At least one. Those that failed too, unless there are only such.
  std::vector<MeasuredRun> runs;
  // The whole ones of the runs that did not fail, by the time at which they began.
  std::vector<const result::Repetition*> repetitions;
  std::size_t partial = 0;                   // repetitions that were cut short
  std::vector<const result::Run*> failures;  // runs that ended early

  const result::Run& first() const { return *runs.front().run; }
  const result::Origin& origin() const { return *runs.front().origin; }
};

// In the order in which they were met.
std::vector<Configuration> configurations_of(const std::vector<result::Results>& results);

struct Match {
  const Configuration* base = nullptr;
  const Configuration* now = nullptr;
};

struct Matching {
  std::vector<Match> matches;  // in the order of the base
  std::vector<const Configuration*> only_base;
  std::vector<const Configuration*> only_now;
};

// First what is alike in everything; of what is left, what is alike but for the system, what auto
// settled on, or the file's directory, with as few of these as can be; and only where there is one
// such configuration on either side and no more. The configurations outlive the matching.
Matching match_configurations(const std::vector<Configuration>& base,
                              const std::vector<Configuration>& now);

// "hash xxh3, io_uring, depth 8, 2 threads, block 1 MiB, cache warm": all but the file.
std::string configuration_name(const result::Run& run);

// Where both sides were measured in turn, on one machine: the repetitions as pairs are
// base.repetitions[i] and now.repetitions[i].
bool measured_in_turn(const Configuration& base, const Configuration& now);

// What two runs are compared by.

enum class Metric { throughput, p50, p99, cpu };

struct MetricKind {
  Metric metric;
  const char* name;  // as --metric has it
  const char* unit;  // as the JSON names it
  bool more_is_better;
  const char* meaning;  // for --help
};

// One for each metric, in their order.
std::span<const MetricKind> metric_kinds();
const MetricKind& kind_of(Metric metric);
// nullptr where there is none of that name.
const MetricKind* find_metric(std::string_view name);

// The figure of one repetition, in its unit; 0 where it has none. Of a copy, throughput counts all
// that the user waits for, and latency reads and writes together.
double value_of(const result::Repetition& repetition, Metric metric);

// Why this metric says nothing of such a run; nothing where it does.
std::optional<std::string> why_not(const result::Run& run, Metric metric);

// What a value costs: the value itself, or its inverse where more is better; and back.
double cost_of(Metric metric, double value);

// "2.05 GiB/s", "4.00 ms", "375 ms/GiB"
std::string format_value(Metric metric, double value);

}  // namespace aiobench::result
