// What was asked for, in words: parts of a line, without the names of files.
#pragma once

#include <string>
#include <string_view>

#include "result/model.h"

namespace aiobench::report {

// "io_uring:sqpoll, depth 8, 2 threads, block 1 MiB, cache warm"
std::string engine_text(const measure::Config& config);

// How a Windows mechanism that runs by Wine begins, so that it is never taken for another.
inline constexpr std::string_view kByWine = "wine/";

// What tells the rows of a table, or the lines of a chart, from each other: "io_uring:sqpoll",
// "wine/iocp", "auto=mmap".
std::string engine_label(const measure::Config& config, bool by_wine);

// "256 MiB, ext4 on /dev/vda (Fast Disk 9)"
std::string file_text(const measure::Target& target);

// "random, seed 7, for 2.5 s"
std::string read_text(const measure::ReadConfig& read);

// "written by iocp, direct, flushed"
std::string write_text(const measure::CopyConfig& copy);

}  // namespace aiobench::report
