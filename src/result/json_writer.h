// Writes result files (schema aiobench/result/1, docs/result.schema.json) and comparisons (schema
// aiobench/comparison/1, docs/comparison.schema.json).
#pragma once

#include <string>

#include "result/comparison.h"
#include "result/model.h"

namespace aiobench::result {

// The schema names that documents contain. A later version of the format ends in another number.
inline constexpr const char* kResultSchema = "aiobench/result/1";
inline constexpr const char* kResultSchemaFamily = "aiobench/result/";

// The result as JSON: every repetition raw, with its latency histogram, so that later analyses need
// no new measurement. Unknown values are null.
std::string to_json(const Results& result);

inline constexpr const char* kComparisonSchema = "aiobench/comparison/1";

// The comparison as JSON. Unknown values, and verdicts that could not be given, are null.
std::string comparison_json(const Comparison& comparison);

}  // namespace aiobench::result
