// The end of a sweep for a reader at a terminal: for each file a table, a line a cell, and a
// sentence.
#pragma once

#include <string>

#include "report/style.h"
#include "sweep/ranking.h"

namespace aiobench::sweep {

// At most 80 columns wide, but for long names.
std::string text_of(const Group& group, const report::Style& style = {});

// What the signs in the tables mean; of Wine where something ran there.
std::string legend(const std::vector<Group>& groups);

}  // namespace aiobench::sweep
