// The result file: schema aiobench/result/1, described by docs/result.schema.json.
#pragma once

#include <string>

#include "measure/result.h"

namespace aiobench::report {

// Every repetition raw, with its latency histogram, so that nothing has to be measured again to
// ask another question. What is not known is null.
std::string to_json(const measure::Result& result);

}  // namespace aiobench::report
