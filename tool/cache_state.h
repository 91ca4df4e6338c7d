// The state of the page cache that a run is to start with, and how a file is brought into it.
#pragma once

#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "base/error.h"
#include "base/units.h"
#include "result/model.h"

namespace aiobench::tool {

enum class CacheState {
  asis,    // leave it alone
  warm,    // the file is in the cache
  cold,    // nothing of the file is in the cache
  direct,  // the cache is passed by: O_DIRECT, FILE_FLAG_NO_BUFFERING
};

// The names of --cache.
std::span<const Named<CacheState>> cache_states();
const char* name(CacheState state);
Result<CacheState> parse_cache_state(std::string_view text);

// Brings `path` alone into the state, and looks whether it is: what could not be had, or not be
// verified, becomes a warning. An error is a file that cannot be opened or read.
Status prepare_cache(const std::string& path, CacheState state,
                     std::vector<result::Warning>& warnings);

}  // namespace aiobench::tool
