// A JSON text that may come from anywhere, as a tree: within a bound of memory and of depth,
// whatever the text holds.
#pragma once

#include <nlohmann/json.hpp>
#include <string_view>

#include "base/error.h"

namespace aiobench::report {

// Memory that may still be taken for a document and for what is made of it, by estimate.
class MemoryBudget {
 public:
  explicit MemoryBudget(std::size_t bytes) : bytes_(bytes), left_(bytes) {}

  // False where there is not so much left.
  bool take(std::size_t bytes);
  // "it takes more than 1 GiB of memory"
  std::string exceeded() const;

 private:
  std::size_t bytes_;
  std::size_t left_;
};

// Arrays and objects within each other.
inline constexpr std::size_t kMostJsonDepth = 64;

// An error has a cause, and where the text is no JSON the offset in it; operation and path are the
// caller's. A field that an object has twice is an error, as programs differ in which one they
// take.
Result<nlohmann::json> parse_json(std::string_view text, MemoryBudget& memory);

}  // namespace aiobench::report
