#include "stats/hypothesis.h"

#include <algorithm>
#include <cmath>

namespace aiobench::measure {
namespace {

// The probability of 0 heads, of 1, and so on. In logarithms, as 2^-tosses is nothing from 1075
// tosses on.
class Heads {
 public:
  explicit Heads(std::size_t tosses)
      : tosses_(tosses), log_(-static_cast<double>(tosses) * std::log(2.0)) {}

  double next() {
    const double probability = std::exp(log_);
    log_ += std::log(static_cast<double>(tosses_ - heads_) / static_cast<double>(heads_ + 1));
    ++heads_;
    return probability;
  }

 private:
  std::size_t tosses_;
  std::size_t heads_ = 0;
  double log_;
};

}  // namespace

double fair_coin_at_most(std::size_t heads, std::size_t tosses) {
  if (heads >= tosses) return 1;
  // The lesser tail is summed up, so that a small probability keeps its digits.
  const std::size_t rest = tosses - heads - 1;
  const bool lower = heads <= rest;
  Heads next(tosses);
  double tail = 0;
  for (std::size_t k = 0; k <= (lower ? heads : rest); ++k) tail += next.next();
  return lower ? std::min(1.0, tail) : std::max(0.0, 1 - tail);
}

std::size_t fair_coin_quantile(double tail, std::size_t tosses) {
  Heads next(tosses);
  double sum = 0;
  std::size_t k = 0;
  while (k < tosses / 2 && (sum += next.next()) <= tail) ++k;
  return k;
}

}  // namespace aiobench::measure
