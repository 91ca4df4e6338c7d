// CPU time used by this process, all threads that live or have lived, kernel workers of the
// process (io_uring) included, and by all processes together. Sources: getrusage(2), proc(5) on
// /proc/stat; GetProcessTimes and GetSystemTimes in the Win32 reference.
#pragma once

#include <optional>

namespace aiobench::platform {

struct CpuTime {
  double user_seconds = 0;
  double system_seconds = 0;
};

CpuTime process_cpu_time();

// Of all processors together, since the system's start. Busy is what processes and the kernel for
// them have taken, and a hypervisor for others ("steal"); on Linux without interrupts, which the
// process that is measured causes itself by its requests. Both grow in steps of 10 to 20 ms. Wine's
// server counts as a process of its own.
struct SystemCpuTime {
  double busy_seconds = 0;
  double all_seconds = 0;  // idle or not: the processors x the time that has passed
};

// Nothing where the system does not tell.
std::optional<SystemCpuTime> system_cpu_time();

// The step in which process_cpu_time() counts, in seconds: a difference smaller than a few steps
// means nothing.
double cpu_time_step_seconds();

}  // namespace aiobench::platform
