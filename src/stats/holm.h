// Several tests at once: each is one more chance of a false alarm.
// Source: S. Holm, "A simple sequentially rejective multiple test procedure", Scandinavian Journal
// of Statistics 6 (1979).
#pragma once

#include <vector>

namespace aiobench::measure {

// For each of the p-values, in their order, the adjusted one. Who takes for true what has an
// adjusted p of at most 0.05 is wrong anywhere among them in at most 5 % of all cases, however the
// tests hang together.
std::vector<double> holm(const std::vector<double>& p_values);

}  // namespace aiobench::measure
