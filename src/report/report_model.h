// The report: its model, and the HTML page. The model is results prepared for charts. A section
// contains the configurations of one file that differ only in engine and depth, with their figures.
// Results that are not comparable are never in the same section. The HTML page is made from this
// value alone.
#pragma once

#include <array>
#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "result/comparison.h"
#include "result/configuration.h"
#include "result/model.h"
#include "stats/summary.h"

namespace aiobench::report {

// Confidence of all intervals.
inline constexpr double kReportConfidence = 0.95;
// The latency percentiles that are shown.
inline constexpr std::array<double, 5> kReportPercents = {50, 90, 99, 99.9, 99.99};

// The median of a value over the repetitions of a configuration.
struct Estimate {
  double median = 0;
  std::optional<stats::Bounds> interval;  // not set with too few repetitions
};

// The latencies of all requests of all repetitions together. For a copy: reads and writes.
struct LatencySpread {
  std::uint64_t requests = 0;
  std::array<double, kReportPercents.size()> percentile_ns = {};
  double max_ns = 0;
};

// Shares of the threads' time in all repetitions. They add up to 1.
struct TimeShares {
  double waiting = 0;
  double hashing = 0;
  double submitting = 0;
  double rest = 0;
};

// The figures of one configuration. Values that were not measured or are meaningless are not set.
struct ConfigurationFigures {
  std::size_t repetitions = 0;  // complete ones
  std::size_t partial = 0;      // interrupted ones, which are not in the figures
  std::optional<Estimate> bytes_per_second;
  std::optional<Estimate> requests_per_second;
  std::optional<Estimate> cpu_seconds_per_gib;
  std::optional<LatencySpread> latency;
  std::optional<TimeShares> time;
  std::optional<double> depth_achieved;  // median
  std::optional<double> inline_share;
  std::vector<result::Warning> warnings;
  std::vector<std::string> failures;  // error lines

  bool suspect() const;
};

// The same configuration in the baseline, and the comparison of the throughputs.
struct BaseFigures {
  ConfigurationFigures figures;
  std::vector<std::string> treated_as_same;  // see result::treated_as_same()
  // As in result::Figure; not set if one side has no throughput.
  std::optional<double> ratio;
  std::optional<stats::Bounds> interval;
  std::string verdict;              // "regression", "not_comparable"; empty without a ratio
  std::size_t min_repetitions = 0;  // as in result::Figure
};

struct ReportConfiguration {
  std::string engine;  // result::engine_label(), and the writer of a copy if it is another engine
  unsigned depth = 0;
  std::string wine;  // version of Wine; empty if not under Wine
  std::string latency_of;
  std::string mark;  // "best", "tie" or empty
  ConfigurationFigures figures;
  std::optional<BaseFigures> base;
};

struct ReportSection {
  std::string path;
  std::string setting;  // "hash xxh3, cache cold, 1 thread, block 1 MiB"
  std::string file;     // size, file system and device
  // A read at a fixed rate: the throughput was requested and is not a finding.
  bool at_rate = false;
  std::string advice;  // a recommendation; may be empty
  std::vector<ReportConfiguration> configurations;
};

// The results of one program on one machine with unchanged files.
struct ReportFile {
  std::vector<std::pair<std::string, std::string>> info;  // labels and texts
  std::vector<ReportSection> sections;
  // The comparison with the baseline, if there is one.
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
  std::vector<std::string> files;       // names of the result files, without directories
  std::vector<std::string> base_files;  // the same for the baseline
  std::vector<ReportFile> places;
};

// The ranking of the configurations of a section: a mark for each, and the recommendation.
struct Ranking {
  std::vector<std::string> marks;
  std::string advice;
};
// Ranks the configurations of one section. A callback because ranking belongs to a higher layer
// (sweep/ranking.h).
using Rank =
    std::function<Ranking(const std::vector<const result::Configuration*>& configurations)>;

// Builds the parts of the model. Pure function. Configurations keep the order of the results.
std::vector<ReportFile> places_of(std::vector<result::Results> results,
                                  const std::optional<result::Side>& base, const Rank& rank);

// The figures of one configuration on one side, from all of its repetitions.
ConfigurationFigures figures_of(const result::Configuration& configuration);

// The page, in html.cpp. It loads nothing from the network and forbids it by its
// Content-Security-Policy.

// The model as JSON for the scripts of the page. It contains no "<", so that no text in it can end
// the script element that contains it.
std::string report_model_json(const ReportModel& model);

// The page: one self-contained HTML file with text, charts and tables. Equal models give identical
// bytes.
std::string html_page(const ReportModel& model);

// A source file of the page as embedded at build time (see cmake/embed.cmake); empty if there is
// none with this name.
std::string_view page_source(std::string_view name);

}  // namespace aiobench::report
