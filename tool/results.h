// The results that a command is given: a file, or a folder of them.
#pragma once

#include <string>
#include <vector>

#include "base/error.h"
#include "result/model.h"

namespace aiobench::tool {

// The files that `path` stands for: itself, or all files of that folder that end in ".json", in the
// order of their names, without folders within it. A folder without one is an error.
Result<std::vector<std::string>> result_files(const std::string& path);

// What is in them. One that cannot be used makes all of them unusable: nothing is left out in
// silence.
Result<std::vector<measure::Result>> read_results(const std::vector<std::string>& files);

}  // namespace aiobench::tool
