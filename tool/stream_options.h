// The options that hash shares with the commands that stream files: read from the command line as
// text, then checked as a whole.
#pragma once

#include <CLI/CLI.hpp>
#include <string>
#include <vector>

#include "base/error.h"
#include "pipeline/cache_state.h"
#include "pipeline/hash_run.h"

namespace aiobench::tool {

enum class Format { text, json, csv, xxhsum };

// As typed.
struct StreamOptions {
  std::vector<std::string> files;
  std::string engine;
  std::string depth = "8";
  std::string threads;
  std::string block = "256KiB";
  std::string hash = "xxh3";
  std::string cache = "asis";
  std::string repeat = "1";
  std::string warmup = "0";
  std::string json_file;
  std::string csv_file;
  std::string format = "text";
  std::string progress = "auto";
  bool wine = false;
  bool quiet = false;
  bool verbose = false;

  StreamOptions();  // with the defaults of this machine
  void add_to(CLI::App& app);
};

// What they mean.
struct StreamSettings {
  pipeline::RunSettings run;
  pipeline::CacheState cache = pipeline::CacheState::asis;
  unsigned repeat = 1;
  unsigned warmup = 0;
  Format format = Format::text;
  bool progress = false;
  bool wine = false;  // the Windows build is to do it
};

// The first option that cannot be used is the error; nothing has been touched then.
Result<StreamSettings> check(const StreamOptions& options);

// Log level and the like, from --quiet and --verbose.
void apply_verbosity(const StreamOptions& options);

}  // namespace aiobench::tool
