// The I/O mechanisms ("engines") that hash_file() can use, and which of them work on this machine.
#pragma once

#include <string>
#include <vector>

namespace aiobench {

struct EngineInfo {
  std::string name;        // for HashSettings::engine
  std::string completion;  // how a completion reaches the program
  bool usable = false;     // on this machine, now
  std::string reason;      // why it is not usable, with a hint; empty if it is usable
};

// All mechanisms of the system that the library was built for, in a stable order. "auto" is not
// among them. Queries the kernel, which takes less than a millisecond. Any thread.
std::vector<EngineInfo> engines();

}  // namespace aiobench
