// The options of sweep: lists of values for the configurations, and limits of the whole sweep.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "base/error.h"
#include "sweep/plan.h"
#include "tool/options.h"

namespace aiobench::tool {

// The text of the command line.
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
  std::string max_time;   // empty: no limit
  std::string max_bytes;  // empty: no limit
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

// The checked settings.
struct SweepSettings {
  sweep::Plan plan;
  std::vector<StreamSettings> configurations;  // parallel to plan.configurations
  std::vector<std::string> left_out;           // impossible combinations, each with the reason
  double max_seconds = 0;                      // 0: no limit
  std::uint64_t max_bytes = 0;                 // 0: no limit
  Format format = Format::text;
  report::Style style;
  bool progress = false;
};

// Checks all options and determines the sizes of the files. The error names the first invalid
// option.
Result<SweepSettings> check(const SweepOptions& options);

// Splits at commas: "1,8,,32" -> "1", "8", "", "32"
std::vector<std::string> split_list(const std::string& text);

// "iocp:batch=1,skip_on_success,io_uring" -> "iocp:batch=1,skip_on_success", "io_uring". A
// part that is not an engine name is another option of the engine before it.
std::vector<std::string> split_engines(const std::string& text);

// The names that --engine of sweep accepts besides the engines: "all", "wine", and "wine/NAME" for
// each engine of the Windows build.
std::vector<std::string> group_names();

// Adds every combination of the lists for every file of the plan, once each. Impossible
// combinations go to settings.left_out. Checks now that each engine is available, not after hours
// of measuring.
Status add_configurations(const SweepOptions& options, SweepSettings& settings);

}  // namespace aiobench::tool
