#include "os/cpu_time.h"

#include <sys/resource.h>
#include <unistd.h>

#include <fstream>
#include <string>

#include "os/linux/proc_stat.h"

namespace aiobench::platform {
namespace {

double seconds(const timeval& time) {
  return static_cast<double>(time.tv_sec) + static_cast<double>(time.tv_usec) * 1e-6;
}

}  // namespace

CpuTime process_cpu_time() {
  rusage usage{};
  ::getrusage(RUSAGE_SELF, &usage);
  return {seconds(usage.ru_utime), seconds(usage.ru_stime)};
}

std::optional<SystemCpuTime> system_cpu_time() {
  static const double step_seconds = 1.0 / static_cast<double>(::sysconf(_SC_CLK_TCK));
  std::ifstream stat("/proc/stat");
  std::string line;
  if (!std::getline(stat, line)) return std::nullopt;
  return parse_cpu_line(line, step_seconds);
}

double cpu_time_step_seconds() {
  return 1e-6;
}

}  // namespace aiobench::platform
