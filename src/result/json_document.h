// The text of JSON documents: reads it from untrusted sources, compressed or not, and writes it.
#pragma once

#include <cstdint>
#include <nlohmann/json.hpp>
#include <optional>
#include <string>
#include <string_view>

#include "base/error.h"
#include "base/settings.h"

namespace aiobench::result {

// Writing. All documents keep the order of their fields, write an unknown value as null, and
// describe a configuration by the same fields.

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

// Reading.

// The maximum nesting of arrays and objects, and the maximum number of values in a document. The
// number limits the memory: a value takes up to 200 bytes, in addition to long names and strings.
inline constexpr std::size_t kMaxJsonDepth = 64;
inline constexpr std::size_t kMaxJsonValues = 6'000'000;

// Parses `text`. An error has a cause and, if the text is not JSON, the offset; the caller adds
// operation and path. A duplicate field of an object is an error, because programs differ in which
// of the two they use.
Result<nlohmann::json> parse_json(std::string_view text, std::size_t max_values = kMaxJsonValues);

// Compressed with Zstandard (FILE.json.zst). Source: libzstd's manual, RFC 8878.

// True if `bytes` starts with the magic number of a Zstandard frame.
bool is_zstd(std::string_view bytes);

// Decompresses `bytes`. Fails if the frame is damaged or truncated, if the text is longer than
// `max_bytes`, or if this program was built without libzstd. The caller adds the path to the
// error.
Result<std::string> decompress_zstd(std::string_view bytes, std::uint64_t max_bytes);

}  // namespace aiobench::result
