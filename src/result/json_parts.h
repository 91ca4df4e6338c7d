// What the JSON documents share: what is not known is null, and a configuration is told in the same
// fields everywhere.
#pragma once

#include <cstdint>
#include <nlohmann/json.hpp>
#include <optional>
#include <string>

#include "result/model.h"

namespace aiobench::result {

using Json = nlohmann::ordered_json;

// Empty or 0: not known.
inline Json or_null(const std::string& text) {
  return text.empty() ? Json(nullptr) : Json(text);
}
inline Json or_null(std::uint64_t value) {
  return value == 0 ? Json(nullptr) : Json(value);
}
inline Json or_null(double value) {
  return value == 0 ? Json(nullptr) : Json(value);
}
template <class T>
Json or_null(const std::optional<T>& value) {
  return value ? Json(*value) : Json(nullptr);
}

// "config" of aiobench/result/1.
Json config_json(const result::Config& config);

// The document as text. A file name on Linux may be any bytes; what is not UTF-8 is replaced, as
// JSON has only that.
std::string json_text(const Json& document);

}  // namespace aiobench::result
