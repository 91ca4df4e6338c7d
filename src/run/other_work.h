// How much of the processors other processes took while something was measured.
#pragma once

#include <optional>

#include "os/cpu_time.h"

namespace aiobench::measure {

// The share (0 to 1) of all processors' time between two readings that neither was idle nor went to
// this process, which used `own_seconds`. Nothing where a reading is missing, or where they are so
// close together that the system's steps are more than a few percent of the time between.
std::optional<double> other_cpu_share(const std::optional<platform::SystemCpuTime>& before,
                                      const std::optional<platform::SystemCpuTime>& after,
                                      double own_seconds);

}  // namespace aiobench::measure
