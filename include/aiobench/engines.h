// The I/O mechanisms that hash_file() can go over, and which of them run here.
#pragma once

#include <string>
#include <vector>

namespace aiobench {

struct EngineInfo {
  std::string name;             // for HashSettings::engine
  std::string completion;       // how a completion reaches the program
  bool usable = false;          // here and now
  std::string incompatibility;  // where it is not: why, and what to do about it
};

// The mechanisms of the system that this was built for, in a stable order; "auto" is none of them.
// Asks the kernel, which takes less than a millisecond. Any thread.
std::vector<EngineInfo> engines();

}  // namespace aiobench
