// One sentence on a file of a sweep: what to pick, and why, from the figures alone.
#pragma once

#include <string>

#include "sweep/ranking.h"

namespace aiobench::sweep {

// "Take sync at depth 1 (2.10 GiB/s): all 12 cells tie; hash-bound, 91 % of ...".
std::string advice(const Group& group);

}  // namespace aiobench::sweep
