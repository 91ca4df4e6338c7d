#include "measure/binomial.h"

#include <algorithm>
#include <cmath>

namespace aiobench::measure {

double fair_coin_at_most(std::size_t heads, std::size_t tosses) {
  if (heads >= tosses) return 1;
  // The lesser tail is summed up, so that a small probability keeps its digits. In logarithms, as
  // 2^-tosses is nothing from 1075 tosses on.
  const std::size_t rest = tosses - heads - 1;
  const bool lower = heads <= rest;
  const std::size_t last = lower ? heads : rest;
  double term = -static_cast<double>(tosses) * std::log(2.0);
  double tail = std::exp(term);
  for (std::size_t k = 0; k < last; ++k) {
    term += std::log(static_cast<double>(tosses - k) / static_cast<double>(k + 1));
    tail += std::exp(term);
  }
  return lower ? std::min(1.0, tail) : std::max(0.0, 1 - tail);
}

}  // namespace aiobench::measure
