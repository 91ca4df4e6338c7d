#include "sweep/forecast.h"

#include <algorithm>

#include "base/check.h"

namespace aiobench::sweep {

Forecast::Forecast(std::vector<double> guesses) {
  for (const double guess : guesses) cells_.push_back({.guess = guess});
}

void Forecast::learn(std::size_t cell, double seconds) {
  AIOBENCH_CHECK(cell < cells_.size());
  cells_[cell].seconds += seconds;
  ++cells_[cell].passes;
}

double Forecast::correction() const {
  double guessed = 0;
  double taken = 0;
  for (const Known& cell : cells_) {
    if (cell.passes == 0) continue;
    guessed += cell.guess;
    taken += cell.seconds / cell.passes;
  }
  return guessed > 0 ? taken / guessed : 1;
}

double Forecast::of(std::size_t cell) const {
  const Known& known = cells_.at(cell);
  return known.passes > 0 ? known.seconds / known.passes : known.guess * correction();
}

double Forecast::of_all(const std::vector<std::size_t>& cells) const {
  const double factor = correction();
  double seconds = 0;
  for (const std::size_t cell : cells) {
    const Known& known = cells_.at(cell);
    seconds += known.passes > 0 ? known.seconds / known.passes : known.guess * factor;
  }
  return seconds;
}

unsigned rounds_within(const Plan& plan, std::uint64_t most_bytes) {
  const std::uint64_t round = plan.round_bytes();
  const unsigned all = plan.warmup + plan.rounds;
  if (round == 0) return all;
  return static_cast<unsigned>(std::min<std::uint64_t>(all, most_bytes / round));
}

}  // namespace aiobench::sweep
