// Chooses the mechanism for `--engine auto`, and the depth, threads and block size that the user
// did not set. The choices are based on measurements (results/). They depend only on Conditions,
// so that each of them can be tested.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "run/run.h"

namespace aiobench::run {

// What a run does with the blocks after they are read.
enum class Writes { none, buffered, direct };

// What the choices depend on, besides the settings.
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

// Returns `wanted` with a value for everything that the user did not set: a depth, threads or
// block_bytes of 0, and the engine `auto`. What the user has set is kept.
RunSettings settle(const RunSettings& wanted, const Conditions& conditions);

// The engine that writes a copy if the engine that reads cannot write (`mmap`): the fastest one
// that can be used here.
std::string usual_writer();

// Whether settle() needs information about the file.
bool depends_on_file(const RunSettings& wanted);

// Examines this machine, and the file `path` if settle() needs it. If the file cannot be opened,
// the fields about it keep their defaults; the run reports the error.
Conditions conditions_of(const std::string& path, const RunSettings& wanted, bool random);

}  // namespace aiobench::run
