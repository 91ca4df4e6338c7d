// How the configurations of a sweep stand to each other, by throughput: for each file and state of
// the cache the best, and what ties with it.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "report/terminal_text.h"
#include "result/model.h"
#include "stats/summary.h"

namespace aiobench::sweep {

enum class Mark {
  none,
  best,
  tie,  // with the best: not shown to be slower, or by so little that nobody would choose by it
};

struct Entry {
  const result::Run* run = nullptr;
  std::string engine;  // with its options; "wine/iocp"
  std::size_t rounds = 0;
  double bytes_per_second = 0;            // the median of the rounds
  std::optional<stats::Bounds> interval;  // of the median, at 95 %; nothing with few rounds
  bool under_wine = false;
  Mark mark = Mark::none;
};

struct Group {
  std::string path;
  std::string cache;
  std::vector<Entry> entries;  // in the order of the runs
  // Whether all have rounds enough to be told apart. Else only the best is marked.
  bool can_tell = true;

  // nullptr where nothing was measured.
  const Entry* best() const;
  // Of the best and of those that tie with it, the one that asks for least: the lowest depth, then
  // the fewest threads, then the cheapest mechanism.
  const Entry* cheapest() const;
};

// Rounds of each configuration, from which on configurations can be told apart at 95 %.
std::size_t least_rounds();

// Runs without a whole repetition are left out. Of native runs and those under Wine in one group
// only the native ones are ranked: the time under Wine says nothing about Windows, nor about Linux.
// The groups point into `result`.
std::vector<Group> rank(const result::Results& result);

// One sentence on a file of a sweep: what to pick, and why, from the figures alone.

// "Take sync at depth 1 (2.10 GiB/s): all 12 configurations tie; hash-bound, 91 % of ...".
std::string advice(const Group& group);

// The end of a sweep for a reader at a terminal: for each file a table, a line a configuration, and
// a sentence.

// At most 80 columns wide, but for long names.
std::string text_of(const Group& group, const report::Style& style = {});

// What the signs in the tables mean; of Wine where something ran there.
std::string legend(const std::vector<Group>& groups);

}  // namespace aiobench::sweep
