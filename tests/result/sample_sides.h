// Test support, proves nothing itself: sides of a comparison made of the sample run, with a
// repetition for each wall time that is asked for.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "result/comparison.h"

namespace aiobench::test {

// A repetition of 3 GiB for each of these times; the i-th began at first_start + i * step, or at no
// known time where first_start is 0.
result::Run run_of(const std::vector<double>& wall_seconds, std::uint64_t first_start = 0,
                   std::uint64_t step = 1000);

// One result, with these runs.
result::Side side_of(const std::string& path, std::vector<result::Run> runs);

// Around 1.5 s, and `factor` as much: enough of them for any verdict.
std::vector<double> quiet_seconds(double factor = 1);

}  // namespace aiobench::test
