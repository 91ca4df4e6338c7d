// What was asked for, in words: parts of a line, without the names of files.
#pragma once

#include <string>

#include "measure/result.h"

namespace aiobench::report {

// "io_uring:sqpoll, depth 8, 2 threads, block 1 MiB, cache warm"
std::string engine_text(const measure::Config& config);

// "random, seed 7, for 2.5 s"
std::string read_text(const measure::ReadConfig& read);

// "written by iocp, direct, flushed"
std::string write_text(const measure::CopyConfig& copy);

}  // namespace aiobench::report
