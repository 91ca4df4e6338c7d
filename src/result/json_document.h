// Reads the text of JSON documents from untrusted sources, compressed or not.
#pragma once

#include <cstdint>
#include <nlohmann/json.hpp>
#include <string>
#include <string_view>

#include "base/error.h"

namespace aiobench::result {

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
