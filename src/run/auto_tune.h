// Automatic choice of the mechanism (`auto`), and of the depth, threads and block size that the
// user left open, based on measurements on this kind of system (results/). A pure function of
// Conditions, so that every choice can be tested.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "run/run.h"

namespace aiobench::run {

// What a run does with the blocks after they are read.
enum class Writes { none, buffered, direct };

// What the choice depends on.
struct Conditions {
  std::uint64_t file_bytes = 0;
  bool cached = false;       // the file is in the page cache, or will be
  bool cheap_to_map = true;  // as os::cheap_to_map() reports
  bool random = false;
  Writes writes = Writes::none;
  unsigned cpus = 1;
  // Whether an engine of that name can be used here.
  bool (*usable)(std::string_view engine) = nullptr;
};

inline constexpr std::uint32_t kUsualDepth = 8;

// Returns `wanted` with every open choice made: 0 in depth, threads or block_bytes, and the engine
// `auto`. What the user has set is kept.
RunSettings settle(const RunSettings& wanted, const Conditions& conditions);

// The fastest engine for the writes of a copy whose reads are mapped.
std::string usual_writer();

// Whether settle() needs information about the file.
bool depends_on_file(const RunSettings& wanted);

// Examines `path` and this machine. If the file cannot be opened, its fields keep their defaults;
// the run reports the error.
Conditions conditions_of(const std::string& path, const RunSettings& wanted, bool random);

}  // namespace aiobench::run
