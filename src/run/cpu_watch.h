// The processor time of a run: what this process used, and what others did meanwhile.
#pragma once

#include <optional>

#include "os/cpu_time.h"

namespace aiobench::pipeline {

struct RunOutcome;

// Watches from when it is made.
class CpuWatch {
 public:
  // Up to now, into `outcome`.
  void stop(RunOutcome& outcome) const;

 private:
  // The system first, so that what it tells never lacks a part of the process's own time.
  std::optional<platform::SystemCpuTime> system_ = platform::system_cpu_time();
  platform::CpuTime process_ = platform::process_cpu_time();
};

}  // namespace aiobench::pipeline
