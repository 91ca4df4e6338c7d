#include "platform/cpu_time.h"

#include <sys/resource.h>

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

double cpu_time_step_seconds() {
  return 1e-6;
}

}  // namespace aiobench::platform
