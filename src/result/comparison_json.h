// A comparison for programs: schema aiobench/comparison/1, described by
// docs/comparison.schema.json.
#pragma once

#include <string>

#include "result/comparison.h"

namespace aiobench::report {

inline constexpr const char* kComparisonSchema = "aiobench/comparison/1";

// What is not known, or was not judged, is null.
std::string comparison_json(const Comparison& comparison);

}  // namespace aiobench::report
