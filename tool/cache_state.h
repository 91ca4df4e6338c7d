// The page cache state before a run (--cache), and bringing a file into that state.
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
  asis,    // unchanged
  warm,    // the file is in the cache
  cold,    // nothing of the file is in the cache
  direct,  // the cache is bypassed: O_DIRECT, FILE_FLAG_NO_BUFFERING
};

// The values of --cache.
std::span<const Named<CacheState>> cache_states();
const char* name(CacheState state);
Result<CacheState> parse_cache_state(std::string_view text);

// Brings the file `path` into the state and verifies it. A state that was not reached, or could not
// be verified, adds a warning. A file that cannot be opened or read is an error.
Status prepare_cache(const std::string& path, CacheState state,
                     std::vector<result::Warning>& warnings);

}  // namespace aiobench::tool
