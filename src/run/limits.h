// What a run takes at most, whoever asks for it: the program's options and the library's settings.
#pragma once

#include <cstdint>

#include "base/units.h"

namespace aiobench::pipeline {

inline constexpr std::uint64_t kMostDepth = 4096;
inline constexpr std::uint64_t kMostThreads = 1024;
inline constexpr std::uint64_t kLeastBlock = 512;
inline constexpr std::uint64_t kMostBlock = kGiB;

}  // namespace aiobench::pipeline
