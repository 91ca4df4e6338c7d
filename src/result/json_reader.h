// Reads result files, the inverse of json_writer.h. The files may be damaged or come from untrusted
// sources.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "base/error.h"
#include "base/units.h"
#include "result/model.h"

namespace aiobench::result {

// Larger files are rejected before they are read, and compressed ones with a longer text before
// they are parsed. With the limits of json_document.h, reading takes less than 2 GiB of memory.
inline constexpr std::uint64_t kMaxResultBytes = 128 * kMiB;

// The maximum number of latency histograms in a file. A few bytes of text become 37 KiB.
inline constexpr std::size_t kMaxHistograms = 12'000;

// Reads a document of the schema aiobench/result/1. to_json() of the result gives the same document
// again. Values that are derived from others (shares, rates, percentiles) are not read but computed
// again. Unknown fields are ignored. For a failed run the error line is kept, without the separate
// hint. `path` is used for messages only.
//
// Errors are usage errors with the location in the document ("runs[2].job: missing"), or with the
// offset if the text is not JSON. Errors are: another schema, a missing field or one of the wrong
// type, a number out of range, values that contradict each other, and a document that exceeds a
// limit.
Result<Results> read_result(std::string_view text, const std::string& path,
                            std::size_t max_histograms = kMaxHistograms);

// Reads a result file, which may be compressed with Zstandard.
Result<Results> read_result_file(const std::string& path);

// `path` itself or, if it is a directory, the files in it whose names end in ".json", in order of
// their names, without subdirectories. A directory without such a file is an error.
Result<std::vector<std::string>> result_files(const std::string& path);

// Reads all files. An unusable file is an error, so that no result is silently left out.
Result<std::vector<Results>> read_results(const std::vector<std::string>& files);

}  // namespace aiobench::result
