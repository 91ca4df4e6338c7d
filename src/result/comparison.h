// Two results beside each other, as a value: what was compared, what came of it, and what could
// not be compared and why. The reports of a comparison are made from it and from nothing else.
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

// What stands in the way of a comparison: the reasons for which two configurations are not
// comparable, or one of them has no other.

enum class IncompatibilityKind {
  missing,      // on one side: a configuration, a figure, or all of its runs failed
  digest,       // the file was another one: its digest or its size
  environment,  // machine, system, disk, or how the program was built
};

struct IncompatibilityInfo {
  IncompatibilityKind incompatibility;
  const char* name;  // as --allow has it
};

// One for each, in their order.
std::span<const IncompatibilityInfo> incompatibility_kinds();
// nullptr where there is none of that name.
const IncompatibilityInfo* find_incompatibility(std::string_view name);
const char* name_of(IncompatibilityKind incompatibility);

struct Incompatibility {
  IncompatibilityKind kind{};
  std::string text;  // as it was read: not yet fit for a terminal
  bool allowed = false;

  bool operator==(const Incompatibility&) const = default;
};

// In what the runs of a configuration, of both sides, are of different files, or were made under
// different circumstances. What is not known is not different. The version and the commit of the
// program are what one compares; which instructions it hashes with, and its compiler, are its own
// too.
std::vector<Incompatibility> differences(const Match& match);

// In what the configurations differ that were taken for the same, in words.
std::vector<std::string> treated_as_same(const Match& match);

// What was measured on one side, in one file or in several.
struct Side {
  std::string path;  // as it was named
  std::vector<result::Results> results;
};

struct CompareOptions {
  stats::Rule rule = {};
  std::vector<Metric> metrics = {Metric::throughput};
  std::vector<IncompatibilityKind> allowed = {};

  bool allows(IncompatibilityKind incompatibility) const;
};

// One metric of one configuration. The medians, their ratio (new over base) and its interval are of
// the metric's own figures: a ratio below 1 is worse where more is better.
struct Figure {
  Metric metric{};
  double base = 0;
  double now = 0;
  double ratio = 1;
  std::optional<stats::Bounds> interval;
  double p = 1;
  double adjusted_p = 1;                  // by Holm, for all comparisons of this Comparison
  std::optional<stats::Verdict> verdict;  // nothing: the configurations are not comparable
  std::size_t least_runs = 0;  // of each side, that could be diagnosed; 0: there are as many
};

struct ComparedConfiguration {
  std::string job;
  std::string path;
  std::string name;                          // all that was asked for, in words
  const result::Run* now_run = nullptr;      // the first one of the new side, which outlives this
  result::Config config;                     // of the base
  std::vector<std::string> treated_as_same;  // in what the sides differ nevertheless
  // Codes of the warnings that make figures suspect.
  std::vector<std::string> suspect_base;
  std::vector<std::string> suspect_now;
  bool in_turn = false;  // compared as pairs
  std::size_t base_runs = 0;
  std::size_t now_runs = 0;
  std::vector<Figure> figures;
};

// Of how many comparisons so many were diagnosed so.
struct Tally {
  std::size_t all = 0;
  std::size_t worse = 0;
  std::size_t better = 0;
  std::size_t same = 0;
  std::size_t inconclusive = 0;
  std::size_t not_comparable = 0;
};

enum class Outcome { regression, not_comparable, inconclusive, improvement, no_change };

struct Comparison {
  // Of one side, for its heading: where it is, how many files, and by which programs.
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
  // A regression outweighs all; then what could not be compared and was not allowed to be so.
  Outcome outcome() const;
};

// Pure: nothing is read but the two.
Comparison compare(const Side& base, const Side& now, const CompareOptions& options);

const char* name_of(stats::Verdict verdict);
const char* name_of(Outcome outcome);

// The verdict in a sentence, and how many were diagnosed how.
std::string summary(const Comparison& comparison);

// "5 %", "2.5 %"
std::string format_percent(double share);
// "-17.1 %": what a ratio is away from 1.
std::string format_change(double ratio);
// "10 pairs", "10 and 12 runs"
std::string runs_text(const ComparedConfiguration& configuration);
// "suspect: wine (BASE, NEW), busy_machine (NEW)"; empty where it is not.
std::string suspect_text(const ComparedConfiguration& configuration);

}  // namespace aiobench::result
