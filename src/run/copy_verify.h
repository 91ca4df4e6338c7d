// Whether a copy on its device is what was read.
#pragma once

#include <optional>
#include <string>

#include "run/run.h"

namespace aiobench::pipeline {

struct Verified {
  std::optional<FileOffset> differs_at;
  bool past_cache = false;  // what was compared came from the device
};

// Reads `copy` back past the page cache and compares its digest with `digest`, that of `original`;
// where they differ, both are read again to find out where. An interrupt is an error.
Result<Verified> verify(const std::string& original, const std::string& copy, hash::Algorithm hash,
                        const std::string& digest, BufferPool& pool, platform::WakeEvent& event,
                        const Progress& progress);

}  // namespace aiobench::pipeline
