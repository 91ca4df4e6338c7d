// How the configurations of a report's section stand to each other, as a sweep says it.
#pragma once

#include <vector>

#include "report/report_model.h"

namespace aiobench::tool {

// Throughput is that of all that a user waits for, also of a copy.
report::Ranking ranking_of(const std::vector<const result::Configuration*>& configurations);

}  // namespace aiobench::tool
