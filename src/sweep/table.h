// The end of a sweep for a reader at a terminal: for each file a table, engines against depths, and
// a sentence.
#pragma once

#include <string>

#include "sweep/standing.h"

namespace aiobench::sweep {

// At most 80 columns wide, but for long names.
std::string text_of(const Group& group);

// What the signs in the tables mean; of Wine where something ran there.
std::string legend(const std::vector<Group>& groups);

}  // namespace aiobench::sweep
