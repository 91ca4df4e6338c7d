// What `auto` stands for: the mechanism, and what of depth, threads and block size was left open,
// by what was measured on this kind of system (results/). A plain function of info, so that every
// choice can be tested.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "run/run.h"

namespace aiobench::run {

// What happens to the blocks besides being read.
enum class Writes { none, buffered, direct };

// What the choice depends on.
struct Circumstances {
  std::uint64_t file_bytes = 0;
  bool cached = false;       // the file is in the page cache, or will be
  bool cheap_to_map = true;  // as os::cheap_to_map() says
  bool random = false;
  Writes writes = Writes::none;
  unsigned cpus = 1;
  // Whether an engine of that name can be used here.
  bool (*usable)(std::string_view engine) = nullptr;
};

inline constexpr std::uint32_t kUsualDepth = 8;

// `wanted` with nothing left open: 0 in depth, threads or block_bytes stands for what is to be
// chosen, and so does the engine `auto`. What the user has set stays.
RunSettings settle(const RunSettings& wanted, const Circumstances& info);

// The engine that writes best here, for a copy whose reads are mapped.
std::string usual_writer();

// True where settle() has to look at the file.
bool depends_on_file(const RunSettings& wanted);

// Looks at `path` and at this machine. A file that cannot be opened has no info, and is left to
// the run to be told of.
Circumstances circumstances_of(const std::string& path, const RunSettings& wanted, bool random);

}  // namespace aiobench::run
