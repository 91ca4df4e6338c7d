// How long a sweep will take: at first by how fast each file was read when it was tried, then by
// what its own cells took.
#pragma once

#include <cstddef>
#include <optional>
#include <vector>

#include "sweep/plan.h"

namespace aiobench::sweep {

class Forecast {
 public:
  // `guesses`: seconds for one pass of each cell.
  explicit Forecast(std::vector<double> guesses);

  // What one pass of a cell took, all that comes with it included.
  void learn(std::size_t cell, double seconds);

  // The mean of what it took so far. Of a cell that was not measured: its guess, corrected by how
  // far off the guesses of those were that have been.
  double of(std::size_t cell) const;
  double of_all(const std::vector<std::size_t>& cells) const;

 private:
  struct Known {
    double guess = 0;
    double seconds = 0;
    unsigned passes = 0;
  };
  double correction() const;

  std::vector<Known> cells_;
};

// How many rounds a limit of bytes allows, warm-up rounds included.
unsigned rounds_within(const Plan& plan, std::uint64_t most_bytes);

}  // namespace aiobench::sweep
