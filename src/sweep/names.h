// How a sweep writes a Windows mechanism that runs by Wine, so that it is never taken for another.
#pragma once

#include <string>
#include <string_view>

namespace aiobench::sweep {

inline constexpr std::string_view kByWine = "wine/";

inline std::string engine_name(const std::string& engine, bool wine) {
  return wine ? std::string(kByWine) + engine : engine;
}

}  // namespace aiobench::sweep
