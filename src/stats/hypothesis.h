// The binomial distribution of a fair coin: behind every statement on a median that asks of the
// values only on which side of it they lie.
#pragma once

#include <cstddef>

namespace aiobench::measure {

// The probability of at most `heads` heads in `tosses` tosses. To about twelve digits.
double fair_coin_at_most(std::size_t heads, std::size_t tosses);

// The greatest k, at most half of the tosses, with a probability of less than k heads of at most
// `tail`.
std::size_t fair_coin_quantile(double tail, std::size_t tosses);

}  // namespace aiobench::measure
