// Parses the first line of /proc/stat: the time of all processors since the system started. Source:
// proc(5).
#pragma once

#include <sys/mman.h>

#include <optional>
#include <string>

#include "os/host.h"

namespace aiobench::os {

// "cpu  3283954 595514 2157902 3293095 ...", in units of `step_seconds`. Empty for any other line.
std::optional<SystemCpuTime> parse_cpu_line(const std::string& line, double step_seconds);

}  // namespace aiobench::os

// MADV_POPULATE_READ, which glibc before 2.35 does not define. Source: madvise(2).

#ifndef MADV_POPULATE_READ
#define MADV_POPULATE_READ 22  // Linux 5.14
#endif
