#include "run/other_work.h"

#include <algorithm>

namespace aiobench::measure {

std::optional<double> other_cpu_share(const std::optional<platform::SystemCpuTime>& before,
                                      const std::optional<platform::SystemCpuTime>& after,
                                      double own_seconds) {
  // Four counters of 10 ms steps are summed up on Linux.
  constexpr double kLeastSeconds = 0.5;
  if (!before || !after) return std::nullopt;
  const double all = after->all_seconds - before->all_seconds;
  if (all < kLeastSeconds) return std::nullopt;
  const double others = after->busy_seconds - before->busy_seconds - own_seconds;
  return std::clamp(others / all, 0.0, 1.0);
}

}  // namespace aiobench::measure
