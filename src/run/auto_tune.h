// Completes settings: chooses the mechanism for `--engine auto`, and the depth, threads, block size
// and way of writing that the user did not set. The choices are based on measurements (results/).
// They depend only on Conditions, so that each of them can be tested.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "base/settings.h"

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
// block_bytes of 0, the engine `auto`, and for a copy the engine that writes and how. What the user
// has set is kept. Also sets what follows from the engine: requested_engine and latency_of.
Settings choose_missing(const Settings& wanted, const Conditions& conditions);

// Examines this machine, and the file `path` for `auto`. If the file cannot be opened, the fields
// about it keep their defaults; the run reports the error. For a copy it may create the temporary
// file of the destination, and removes it.
Conditions conditions_of(const std::string& path, const Settings& wanted);

// The same with the conditions of `path` on this machine.
Settings choose_missing(const Settings& wanted, const std::string& path);

}  // namespace aiobench::run
