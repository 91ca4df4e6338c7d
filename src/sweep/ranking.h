// Ranks the configurations of a sweep by throughput: for each file and cache state, the best
// configuration and those that tie with it. Also the table and the recommendation that a sweep
// prints.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "base/settings.h"
#include "report/report_model.h"
#include "report/terminal_text.h"
#include "result/model.h"
#include "stats/summary.h"

namespace aiobench::sweep {

enum class Mark {
  none,
  best,
  tie,  // not shown to be slower than the best, or by less than 1 %
};

// One configuration in the ranking.
struct Entry {
  const result::Run* run = nullptr;
  std::string engine;  // result::engine_label()
  std::size_t rounds = 0;
  double bytes_per_second = 0;            // median of the rounds
  std::optional<stats::Bounds> interval;  // 95 % interval of the median; not set for few rounds
  bool under_wine = false;
  Mark mark = Mark::none;
};

// The configurations of one file and one cache state.
struct Group {
  std::string path;
  CacheState cache = CacheState::asis;
  std::vector<Entry> entries;  // in the order of the runs
  // True if every configuration has enough rounds for a comparison. Otherwise only the best is
  // marked.
  bool can_tell = true;

  // The entry marked as best; nullptr if nothing was measured.
  const Entry* best() const;
  // Of the best and those that tie with it, the one that needs the fewest resources: the lowest
  // depth, then the fewest threads, then the simplest mechanism.
  const Entry* cheapest() const;
};

// The number of rounds per configuration from which configurations can be told apart with 95 %
// confidence.
std::size_t min_rounds();

// Groups and ranks the runs of a sweep. Runs without a complete repetition are left out. If a group
// has native runs, those under Wine are not ranked, because timing under Wine says nothing about
// Windows or Linux. The groups point into `result`.
std::vector<Group> rank(const result::Results& result);

// The recommendation for a group, and its reasons: "Use sync at depth 1, 1 MiB (2.10 GiB/s). No
// difference found between 12 configurations; this one needs the fewest resources. Hash-bound: ..."
std::string advice(const Group& group);

// A group as text for a terminal: a table with one line per configuration, and the advice. At most
// 80 columns wide, except for long names.
std::string text_of(const Group& group, const report::Style& style = {});

// The whole text of a sweep: a header, the text of each group, and the legend.
std::string text_of(const result::Results& result, const report::Style& style = {});

// The ranking of configurations in a section of a report, by the same rules as in a sweep: by
// throughput over the whole time that a user waits, which in a copy includes the flush.
report::Ranking ranking_of(const std::vector<const result::Configuration*>& configurations);

// Explains the signs in the tables, and Wine if a configuration ran under it.
std::string legend(const std::vector<Group>& groups);

}  // namespace aiobench::sweep
