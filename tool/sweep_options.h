// The options of sweep: lists of what hash takes one of, and what a sweep as a whole is bounded by.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "base/error.h"
#include "sweep/plan.h"
#include "tool/options.h"

namespace aiobench::tool {

// As typed.
struct SweepOptions {
  std::vector<std::string> files;
  std::vector<std::string> engines = {"all"};
  std::string depths = "1,8,32";
  std::string threads = "1";
  std::string blocks = "1MiB";
  std::string caches = "asis";
  std::string hash = "xxh3";
  std::string rounds = "7";
  std::string warmup = "1";
  std::string seed = "1";
  std::string max_time;   // empty: none
  std::string max_bytes;  // the same
  std::string json_file = "aiobench-sweep.json";
  std::string csv_file;
  std::string format = "text";
  std::string progress = "auto";
  std::string color = "auto";
  bool resume = false;
  bool force = false;
  bool dry_run = false;
  bool quiet = false;
  bool verbose = false;

  void add_to(Description& description);
};

// What they mean.
struct SweepSettings {
  sweep::Plan plan;
  std::vector<StreamSettings> configurations;  // one for each of the plan's
  std::vector<std::string> left_out;           // combinations that cannot be, each in words
  double max_seconds = 0;                      // 0: no limit
  std::uint64_t max_bytes = 0;                 // the same
  Format format = Format::text;
  report::Style style;
  bool progress = false;
};

// The first option that cannot be used is the error; nothing has been touched then. Files are
// looked at for their size.
Result<SweepSettings> check(const SweepOptions& options);

// From the lists of a sweep to its configurations.

// "1,8,,32" -> "1", "8", "", "32"
std::vector<std::string> split_list(const std::string& text);

// "iocp:batch=1,skip_on_success,io_uring" -> "iocp:batch=1,skip_on_success", "io_uring": a part
// that names no mechanism is one more option of the mechanism before it.
std::vector<std::string> split_engines(const std::string& text);

// What names several mechanisms at once, and the names of those that can be run under Wine.
std::vector<std::string> group_names();

// Every combination of the lists for every file of the plan, each once; what cannot be is left out,
// and said. What it takes to run a mechanism is looked for now, and not after hours.
Status add_configurations(const SweepOptions& options, SweepSettings& settings);

}  // namespace aiobench::tool
