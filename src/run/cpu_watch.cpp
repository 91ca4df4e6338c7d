#include "run/cpu_watch.h"

#include "run/other_work.h"
#include "run/run.h"

namespace aiobench::pipeline {

void CpuWatch::stop(RunOutcome& outcome) const {
  const platform::CpuTime now = platform::process_cpu_time();
  outcome.cpu = {now.user_seconds - process_.user_seconds,
                 now.system_seconds - process_.system_seconds};
  outcome.other_cpu_share = measure::other_cpu_share(
      system_, platform::system_cpu_time(), outcome.cpu.user_seconds + outcome.cpu.system_seconds);
}

}  // namespace aiobench::pipeline
