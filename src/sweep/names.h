// How a sweep writes a Windows mechanism that runs by Wine, so that it is never taken for another.
#pragma once

#include <string>

#include "result/configuration.h"

namespace aiobench::sweep {

using report::kByWine;

inline std::string engine_name(const std::string& engine, bool wine) {
  return wine ? std::string(kByWine) + engine : engine;
}

}  // namespace aiobench::sweep
