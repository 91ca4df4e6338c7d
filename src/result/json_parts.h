// Shared by all JSON documents: unknown values are null, and every document describes a
// configuration by the same fields.
#pragma once

#include <cstdint>
#include <nlohmann/json.hpp>
#include <optional>
#include <string>

#include "result/model.h"

namespace aiobench::result {

using Json = nlohmann::ordered_json;

// An empty text or 0 means unknown and becomes null.
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

// The object "config" of the schema aiobench/result/1.
Json config_json(const Settings& config);

// The document as text. Bytes that are not valid UTF-8, for example in a Linux file name, are
// replaced because JSON text is UTF-8.
std::string json_text(const Json& document);

}  // namespace aiobench::result
