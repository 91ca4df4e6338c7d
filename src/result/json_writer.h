// The result file: schema aiobench/result/1, described by docs/result.schema.json.
#pragma once

#include <string>

#include "result/comparison.h"
#include "result/model.h"

namespace aiobench::result {

// What the document calls itself; a later version of the form ends in another number.
inline constexpr const char* kResultSchema = "aiobench/result/1";
inline constexpr const char* kResultSchemaFamily = "aiobench/result/";

// Every repetition raw, with its latency histogram, so that nothing has to be measured again to
// ask another question. What is not known is null.
std::string to_json(const result::Results& result);

// A comparison for programs: schema aiobench/comparison/1, described by
// docs/comparison.schema.json.

inline constexpr const char* kComparisonSchema = "aiobench/comparison/1";

// What is not known, or was not diagnosed, is null.
std::string comparison_json(const Comparison& comparison);

}  // namespace aiobench::result
