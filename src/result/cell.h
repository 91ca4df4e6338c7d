// The cells of a comparison: what was measured of one file in one configuration, on one side,
// however many result files it is spread over; and which cell of one side is which of the other.
#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <vector>

#include "result/model.h"

namespace aiobench::report {

// A run, and who measured it where. Both belong to a Result that outlives this.
struct MeasuredRun {
  const measure::Run* run = nullptr;
  const measure::Origin* origin = nullptr;
};

struct Cell {
  // At least one. Those that failed too, unless there are only such.
  std::vector<MeasuredRun> runs;
  // The whole ones of the runs that did not fail, by the time at which they began.
  std::vector<const measure::Repetition*> repetitions;
  std::size_t partial = 0;                    // repetitions that were cut short
  std::vector<const measure::Run*> failures;  // runs that ended early

  const measure::Run& first() const { return *runs.front().run; }
  const measure::Origin& origin() const { return *runs.front().origin; }
};

// In the order in which they were met.
std::vector<Cell> cells_of(const std::vector<measure::Result>& results);

struct Match {
  const Cell* base = nullptr;
  const Cell* now = nullptr;
};

struct Matching {
  std::vector<Match> matches;  // in the order of the base
  std::vector<const Cell*> only_base;
  std::vector<const Cell*> only_now;
};

// First what is alike in everything; of what is left, what is alike but for the system, what auto
// settled on, or the file's folder, with as few of these as can be; and only where there is one
// such cell on either side and no more. The cells outlive the matching.
Matching match_cells(const std::vector<Cell>& base, const std::vector<Cell>& now);

// "hash xxh3, io_uring, depth 8, 2 threads, block 1 MiB, cache warm": all but the file.
std::string cell_name(const measure::Run& run);

// Where both sides were measured in turn, on one machine: the repetitions as pairs are
// base.repetitions[i] and now.repetitions[i].
bool measured_in_turn(const Cell& base, const Cell& now);

}  // namespace aiobench::report
