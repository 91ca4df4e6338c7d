// The results that a command is given: a file, or a folder of them.
#pragma once

#include <string>
#include <vector>

#include "base/error.h"
#include "measure/result.h"

namespace aiobench::tool {

// The result in that file; or those in all files of that folder that end in ".json", in the order
// of their names, without folders within it. One that cannot be used makes all of them unusable,
// and so does a folder without one: nothing is left out in silence.
Result<std::vector<measure::Result>> read_results(const std::string& path);

}  // namespace aiobench::tool
