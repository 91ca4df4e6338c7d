// The ranking of the configurations in a section of a report, by the same rules as in a sweep.
#pragma once

#include <vector>

#include "report/report_model.h"

namespace aiobench::tool {

// Ranks by throughput over the whole time that a user waits, which in a copy includes the flush.
report::Ranking ranking_of(const std::vector<const result::Configuration*>& configurations);

}  // namespace aiobench::tool
