// All differences between the values of two samples, which are too many to be written down.
#pragma once

#include <cstdint>
#include <vector>

namespace aiobench::measure {

// The k-th least, from 1 on, of the differences of every value of `second` less every value of
// `first`. Both are sorted; k is at most the number of pairs.
double kth_difference(const std::vector<double>& first, const std::vector<double>& second,
                      std::uint64_t k);

}  // namespace aiobench::measure
