// Two results beside each other, as a value: what was compared, what came of it, and what could
// not be compared and why. The reports of a comparison are made from it and from nothing else.
#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <vector>

#include "stats/ratio.h"
#include "result/model.h"
#include "result/metric.h"
#include "result/obstacle.h"

namespace aiobench::report {

// What was measured on one side, in one file or in several.
struct Side {
  std::string path;  // as it was named
  std::vector<measure::Result> results;
};

struct CompareOptions {
  measure::Rule rule = {};
  std::vector<Metric> metrics = {Metric::throughput};
  std::vector<Hindrance> allowed = {};

  bool allows(Hindrance hindrance) const;
};

// One metric of one cell. The medians, their ratio (new over base) and its interval are of the
// metric's own figures: a ratio below 1 is worse where more is better.
struct Figure {
  Metric metric{};
  double base = 0;
  double now = 0;
  double ratio = 1;
  std::optional<measure::Bounds> interval;
  double p = 1;
  double adjusted_p = 1;                    // by Holm, for all comparisons of this Comparison
  std::optional<measure::Verdict> verdict;  // nothing: the cells are not comparable
  std::size_t least_runs = 0;  // of each side, that could be judged; 0: there are as many
};

struct ComparedCell {
  std::string job;
  std::string path;
  std::string name;                         // all that was asked for, in words
  const measure::Run* now_run = nullptr;    // the first one of the new side, which outlives this
  measure::Config config;                   // of the base
  std::vector<std::string> taken_for_same;  // in what the sides differ nevertheless
  // Codes of the warnings that make figures suspect.
  std::vector<std::string> suspect_base;
  std::vector<std::string> suspect_now;
  bool in_turn = false;  // compared as pairs
  std::size_t base_runs = 0;
  std::size_t now_runs = 0;
  std::vector<Figure> figures;
};

// Of how many comparisons so many were judged so.
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
  std::vector<ComparedCell> cells;
  std::vector<Obstacle> obstacles;
  std::vector<std::string> notes;

  Tally tally() const;
  // A regression outweighs all; then what could not be compared and was not allowed to be so.
  Outcome outcome() const;
};

// Pure: nothing is read but the two.
Comparison compare(const Side& base, const Side& now, const CompareOptions& options);

const char* name_of(measure::Verdict verdict);
const char* name_of(Outcome outcome);

// The verdict in a sentence, and how many were judged how.
std::string summary(const Comparison& comparison);

// "5 %", "2.5 %"
std::string format_percent(double share);
// "-17.1 %": what a ratio is away from 1.
std::string format_change(double ratio);
// "10 pairs", "10 and 12 runs"
std::string runs_text(const ComparedCell& cell);
// "suspect: wine (BASE, NEW), busy_machine (NEW)"; empty where it is not.
std::string suspect_text(const ComparedCell& cell);

}  // namespace aiobench::report
