// Configurations: their descriptions in words, the grouping of runs by configuration for a
// comparison, and the metrics that are compared.
#pragma once

#include <cstddef>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "result/model.h"

namespace aiobench::result {

// Descriptions of a configuration, as parts of a line.

// "io_uring:sqpoll, depth 8, 2 threads, block 1 MiB, cache warm"
std::string engine_text(const Settings& config);

// Prefix of the names of Windows mechanisms that ran under Wine.
inline constexpr std::string_view kUnderWine = "wine/";

// A short name for table rows and chart lines: "io_uring:sqpoll", "wine/iocp", "auto=mmap".
std::string engine_label(const Settings& config, bool under_wine);

// "256 MiB, ext4 on /dev/vda (Fast Disk 9)"
std::string file_text(const Target& target);

// "random, seed 7, for 2.5 s"
std::string read_text(const ReadSettings& read);

// "written by iocp, direct, flushed"
std::string write_text(const CopySettings& copy);

// A run and its origin. Both point into a Results that must outlive this.
struct MeasuredRun {
  const Run* run = nullptr;
  const Origin* origin = nullptr;
};

// All runs of one file with one configuration on one side of a comparison, from any number of
// result files.
struct Configuration {
  // At least one run, failed ones included.
  std::vector<MeasuredRun> runs;
  // The complete repetitions of the runs that did not fail, in the order of their start times.
  std::vector<const Repetition*> repetitions;
  std::size_t partial = 0;           // number of interrupted repetitions, which are left out
  std::vector<const Run*> failures;  // runs that ended with an error

  const Run& first() const { return *runs.front().run; }
  const Origin& origin() const { return *runs.front().origin; }
};

// Groups all runs by configuration, in order of first appearance. The configurations point into
// `results`.
std::vector<Configuration> configurations_of(const std::vector<Results>& results);

// The same configuration on both sides.
struct Match {
  const Configuration* base = nullptr;
  const Configuration* now = nullptr;
};

struct Matching {
  std::vector<Match> matches;  // in the order of the base
  std::vector<const Configuration*> only_base;
  std::vector<const Configuration*> only_now;
};

// Matches the configurations of two sides. Equal configurations match first. Then those match that
// differ only in the system, in the engine that `auto` chose, in the directory of the file, or in
// several of these; the directory is ignored last. Two configurations match only if exactly one
// configuration on each side qualifies. The result points into `base` and `now`.
Matching match_configurations(const std::vector<Configuration>& base,
                              const std::vector<Configuration>& now);

// "hash xxh3, io_uring, depth 8, 2 threads, block 1 MiB, cache warm": everything except the file.
std::string configuration_name(const Run& run);

// Whether the two sides were measured alternately on one machine, so that base.repetitions[i] and
// now.repetitions[i] form a pair.
bool measured_alternately(const Configuration& base, const Configuration& now);

// A value by which repetitions are compared.
enum class Metric { throughput, p50, p99, cpu };

struct MetricKind {
  Metric metric;
  const char* name;  // the argument of --metric
  const char* unit;  // the unit in JSON
  bool more_is_better;
  const char* meaning;  // the description in --help
};

// One entry per metric, in the order of Metric.
std::span<const MetricKind> metric_kinds();
const MetricKind& kind_of(Metric metric);
// Returns nullptr if no metric has this name.
const MetricKind* find_metric(std::string_view name);

// The value of one repetition in the unit of the metric; 0 if it was not measured. For a copy,
// throughput is based on the total time, and latency covers reads and writes.
double value_of(const Repetition& repetition, Metric metric);

// The reason why this metric is meaningless for such a run; nothing if it is meaningful.
std::optional<std::string> why_not(const Run& run, Metric metric);

// Converts a value to a cost, for which less is better: 1 / value if more is better, otherwise the
// value itself.
double cost_of(Metric metric, double value);
// Converts a cost back to a value, or the ratio of two costs to the ratio of the two values.
double value_of_cost(Metric metric, double cost);

// "2.05 GiB/s", "4.00 ms", "375 ms/GiB"
std::string format_value(Metric metric, double value);

}  // namespace aiobench::result
