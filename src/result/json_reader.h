// Reads result files: the inverse of json.h, for files that may be broken or come from elsewhere.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "base/error.h"
#include "base/units.h"
#include "result/model.h"

namespace aiobench::result {

// A file beyond this is refused before it is read.
inline constexpr std::uint64_t kMostResultBytes = 256 * kMiB;

// What reading takes besides the text, at most: the document as a tree, and the result.
inline constexpr std::size_t kMostReadingBytes = kGiB;

// The result that a document of the schema aiobench/result/1 tells of. to_json() of it gives the
// same document again; figures that follow from others (shares, rates, percentiles) are not read
// but worked out anew, and fields that are not known here are passed over. Of a failed run its line
// is kept, not what of it was the hint. `path` is for the message alone.
//
// Errors are usage errors with the place in the document ("runs[2].job: missing"), or with the
// offset where it is no JSON: not this schema, a field missing or of another type, a number out of
// its range, counts and figures that contradict each other, or more than `most_bytes` of memory.
Result<result::Results> read_result(std::string_view text, const std::string& path,
                                    std::size_t most_bytes = kMostReadingBytes);

// The result in a file, which may be compressed with Zstandard.
Result<result::Results> read_result_file(const std::string& path);

}  // namespace aiobench::result
