// The comparison of two results, a base and a new one: the verdicts, and what could not be compared
// and why. Every report of a comparison contains only what is in a Comparison.
//
// One side is called `base` (BASE on the command line), the other `now` (NEW; `new` is a keyword).
#pragma once

#include <cstddef>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "result/configuration.h"
#include "result/model.h"
#include "stats/ratio.h"

namespace aiobench::result {

// Why two configurations cannot be compared.
enum class IncompatibilityKind {
  missing,      // one side lacks the configuration or the metric, or all of its runs failed
  digest,       // the files differ in digest or size
  environment,  // machine, system, device or build of the program differ
};

struct IncompatibilityInfo {
  IncompatibilityKind incompatibility;
  const char* name;  // the argument of --allow
};

// One entry per kind, in the order of IncompatibilityKind.
std::span<const IncompatibilityInfo> incompatibility_kinds();
// Returns nullptr if no kind has this name.
const IncompatibilityInfo* find_incompatibility(std::string_view name);
const char* name_of(IncompatibilityKind incompatibility);

struct Incompatibility {
  IncompatibilityKind kind{};
  std::string text;  // unescaped: not safe to print on a terminal
  bool allowed = false;

  bool operator==(const Incompatibility&) const = default;
};

// The differences in the files or in the environment between any runs of a match, of either side.
// An unknown value never counts as a difference. The version, commit and compiler of the program
// and the instructions that it hashes with may differ: they are what a comparison is for.
std::vector<Incompatibility> differences(const Match& match);

// The differences between the configurations of a match that match_configurations() ignored, in
// words.
std::vector<std::string> treated_as_same(const Match& match);

// The results of one side, from one file or several.
struct Side {
  std::string path;  // as given on the command line
  std::vector<Results> results;
};

struct CompareOptions {
  stats::Rule rule = {};
  std::vector<Metric> metrics = {Metric::throughput};
  std::vector<IncompatibilityKind> allowed = {};

  bool allows(IncompatibilityKind incompatibility) const;
};

// One metric of one configuration. Base and new median are in the unit of the metric. The ratio is
// new divided by base, and the interval is its confidence interval: if more is better, a ratio
// below 1 is worse.
struct Figure {
  Metric metric{};
  double base = 0;
  double now = 0;
  double ratio = 1;
  std::optional<stats::Bounds> interval;
  double p = 1;
  double adjusted_p = 1;  // adjusted by Holm's method for all figures of the Comparison
  std::optional<stats::Verdict> verdict;  // nothing: not comparable
  std::size_t min_repetitions = 0;  // runs or pairs needed for a verdict; 0 if there are enough
};

struct ComparedConfiguration {
  std::string job;
  std::string path;
  std::string name;                          // configuration_name()
  const Run* now_run = nullptr;              // first run of the new side; must outlive this
  Settings config;                           // of the base side
  std::vector<std::string> treated_as_same;  // see treated_as_same()
  // Codes of the suspect warnings.
  std::vector<std::string> suspect_base;
  std::vector<std::string> suspect_now;
  bool paired = false;  // measured alternately and compared as pairs
  std::size_t base_repetitions = 0;
  std::size_t now_repetitions = 0;
  std::vector<Figure> figures;
};

// The number of figures for each verdict.
struct Tally {
  std::size_t all = 0;
  std::size_t worse = 0;
  std::size_t better = 0;
  std::size_t same = 0;
  std::size_t inconclusive = 0;
  std::size_t not_comparable = 0;
};

// The outcome of all comparisons together; see Comparison::outcome().
enum class ComparisonOutcome { regression, not_comparable, inconclusive, improvement, no_change };

struct Comparison {
  // Describes one side in the heading of a report.
  struct Source {
    std::string path;
    std::size_t files = 0;
    std::vector<std::string> tools;  // "aiobench 1.2.3 (abc1234)"
  };
  Source base;
  Source now;
  CompareOptions options;
  std::vector<ComparedConfiguration> configurations;
  std::vector<Incompatibility> incompatibilities;
  std::vector<std::string> notes;

  Tally tally() const;
  // The first that applies:
  // - regression: at least one figure is a regression;
  // - not_comparable: an incompatibility is not allowed, or there are no figures;
  // - inconclusive: at least one figure is;
  // - improvement: at least one figure is;
  // - no_change.
  ComparisonOutcome outcome() const;
};

// Pure function. The result points into `now`.
Comparison compare(const Side& base, const Side& now, const CompareOptions& options);

const char* name_of(stats::Verdict verdict);
const char* name_of(ComparisonOutcome outcome);

// The outcome and the number of figures for each verdict, in one sentence.
std::string summary(const Comparison& comparison);

// "5 %", "2.5 %"
std::string format_percent(double share);
// "-17.1 %": the difference of a ratio from 1.
std::string format_change(double ratio);
// "10 pairs", "10 and 12 repetitions"
std::string repetitions_text(const ComparedConfiguration& configuration);
// "suspect: wine (both)", "suspect: wine (BASE); busy_machine (NEW)"; empty if no run is suspect.
std::string suspect_text(const ComparedConfiguration& configuration);

}  // namespace aiobench::result
