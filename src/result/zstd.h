// Reads result files that are compressed with Zstandard (FILE.json.zst). Source: libzstd's manual,
// RFC 8878.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "base/error.h"

namespace aiobench::result {

// True if `bytes` starts with the magic number of a Zstandard frame.
bool is_zstd(std::string_view bytes);

// Decompresses `bytes`. Fails if the frame is damaged or truncated, if the text is longer than
// `max_bytes`, or if this program was built without libzstd. The caller adds the path to the
// error.
Result<std::string> decompress_zstd(std::string_view bytes, std::uint64_t max_bytes);

}  // namespace aiobench::result
