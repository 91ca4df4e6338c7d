// String helpers for tests.
#pragma once

#include <string>

namespace aiobench::test {

inline bool has(const std::string& text, const std::string& part) {
  return text.find(part) != std::string::npos;
}

}  // namespace aiobench::test
