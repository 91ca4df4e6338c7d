// CPU time used by this process, all threads that live or have lived, kernel workers of the
// process (io_uring) included. Sources: getrusage(2); GetProcessTimes in the Win32 reference.
#pragma once

namespace aiobench::platform {

struct CpuTime {
  double user_seconds = 0;
  double system_seconds = 0;
};

CpuTime process_cpu_time();

// The step in which process_cpu_time() counts, in seconds: a difference smaller than a few steps
// means nothing.
double cpu_time_step_seconds();

}  // namespace aiobench::platform
