// The first line of /proc/stat: what all processors together have done since the system's start.
// Source: proc(5).
#pragma once

#include <optional>
#include <string>

#include "os/host.h"

namespace aiobench::os {

// "cpu  3283954 595514 2157902 3293095 ...", in units of `step_seconds`. Nothing for another line.
std::optional<SystemCpuTime> parse_cpu_line(const std::string& line, double step_seconds);

}  // namespace aiobench::os
