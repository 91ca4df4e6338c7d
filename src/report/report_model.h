// Results as a reader of charts wants them, as a value: sections in which nothing but the engine
// and the depth varies, and of each configuration the figures that are drawn. What cannot be
// compared never stands in one section. The HTML page is made from it and from nothing else.
#pragma once

#include <array>
#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "result/comparison.h"
#include "result/configuration.h"
#include "result/model.h"
#include "stats/summary.h"

namespace aiobench::report {

// Of the intervals.
inline constexpr double kReportConfidence = 0.95;
// The percentiles of latency that are shown.
inline constexpr std::array<double, 5> kReportPercents = {50, 90, 99, 99.9, 99.99};

// Of a figure over the repetitions of a configuration.
struct Estimate {
  double median = 0;
  std::optional<stats::Bounds> interval;  // nothing where there are too few repetitions
};

// Of all requests of all repetitions together; of a copy, of its reads and writes.
struct LatencySpread {
  std::uint64_t requests = 0;
  std::array<double, kReportPercents.size()> percentile_ns = {};
  double max_ns = 0;
};

// Of the threads' time in all repetitions; the four sum up to 1.
struct TimeShares {
  double waiting = 0;
  double hashing = 0;
  double submitting = 0;
  double rest = 0;
};

// Of one configuration. What was not measured, or would say nothing, is not there.
struct ConfigurationFigures {
  std::size_t repetitions = 0;  // whole ones
  std::size_t partial = 0;      // that were cut short, and are not in the figures
  std::optional<Estimate> bytes_per_second;
  std::optional<Estimate> requests_per_second;
  std::optional<Estimate> cpu_seconds_per_gib;
  std::optional<LatencySpread> latency;
  std::optional<TimeShares> time;
  std::optional<double> depth_achieved;  // the median
  std::optional<double> inline_share;
  std::vector<result::Warning> warnings;
  std::vector<std::string> failures;  // lines

  bool suspect() const;
};

// The same configuration of the baseline, and what came of comparing the throughputs.
struct BaseFigures {
  ConfigurationFigures figures;
  std::vector<std::string> treated_as_same;  // in what the two differ nevertheless
  // As in Figure; nothing where one side has no throughput.
  std::optional<double> ratio;
  std::optional<stats::Bounds> interval;
  std::string verdict;         // "regression", "not_comparable"; empty without a ratio
  std::size_t least_runs = 0;  // as in Figure
};

struct ReportConfiguration {
  std::string engine;  // engine_label(), and who writes where that is another one
  unsigned depth = 0;
  std::string wine;  // its version; empty where it was not Wine
  std::string latency_of;
  std::string mark;  // "best", "tie", or nothing
  ConfigurationFigures figures;
  std::optional<BaseFigures> base;
};

struct ReportSection {
  std::string path;
  std::string setting;  // "hash xxh3, cache cold, 1 thread, block 1 MiB"
  std::string file;     // its size, file system and device
  // Throughput was asked for (a read at a rate), and so is no finding.
  bool at_rate = false;
  std::string advice;  // a sentence on what to pick; may be empty
  std::vector<ReportConfiguration> configurations;
};

// The results of one program on one machine, and on files that stayed the same.
struct ReportFile {
  std::vector<std::pair<std::string, std::string>> info;  // label and text
  std::vector<ReportSection> sections;
  // What became of the comparison with the baseline, where there is one.
  struct Against {
    std::vector<std::string> tools;
    std::string summary;
    std::vector<std::string> notes;
    std::vector<std::string> incompatibilities;
  };
  std::optional<Against> against;
};

struct ReportModel {
  std::string title;
  std::vector<std::string> files;       // names of what was read, without their directories
  std::vector<std::string> base_files;  // likewise
  std::vector<ReportFile> places;
};

// How the configurations of a section stand to each other: a mark for each, and the advice.
struct Ranking {
  std::vector<std::string> marks;
  std::string advice;
};
// Who knows that lives above this layer (sweep/standing.h). All that is in a section is given.
using Rank =
    std::function<Ranking(const std::vector<const result::Configuration*>& configurations)>;

// Pure: nothing is read but what is given. The configurations stand in the order of the results.
std::vector<ReportFile> places_of(std::vector<result::Results> results,
                                  const std::optional<result::Side>& base, const Rank& rank);

// Of one configuration on one side, however many repetitions it has.
ConfigurationFigures figures_of(const result::Configuration& configuration);

}  // namespace aiobench::report
