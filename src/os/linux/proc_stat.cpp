#include "os/linux/proc_stat.h"

#include <array>
#include <sstream>

namespace aiobench::platform {

std::optional<SystemCpuTime> parse_cpu_line(const std::string& line, double step_seconds) {
  // The guests' time, which follows, is in the first two already.
  enum { user, nice, system, idle, iowait, irq, softirq, steal, kCount };
  constexpr int kLeast = idle + 1;  // all that kernels before 2.6 tell
  std::istringstream words(line);
  std::string name;
  if (!(words >> name) || name != "cpu") return std::nullopt;
  std::array<double, kCount> steps{};
  int count = 0;
  while (count < kCount && words >> steps[static_cast<std::size_t>(count)]) ++count;
  if (count < kLeast) return std::nullopt;
  SystemCpuTime time;
  for (const double each : steps) time.all_seconds += each * step_seconds;
  time.busy_seconds = (steps[user] + steps[nice] + steps[system] + steps[steal]) * step_seconds;
  return time;
}

}  // namespace aiobench::platform
