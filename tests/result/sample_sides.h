// Test support, proves nothing itself: sides of a comparison made from the sample run, with one
// repetition per given wall time.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "result/comparison.h"

namespace aiobench::test {

// One repetition of 3 GiB for each of these times. The i-th began at first_start + i * step, or at
// an unknown time if first_start is 0.
result::Run run_of(const std::vector<double>& wall_seconds, std::uint64_t first_start = 0,
                   std::uint64_t step = 1000);

// One result with these runs.
result::Side side_of(const std::string& path, std::vector<result::Run> runs);

// Wall times around 1.5 s times `factor`, enough of them for any verdict.
std::vector<double> quiet_seconds(double factor = 1);

}  // namespace aiobench::test
