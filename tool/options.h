// The options that hash shares with the commands that stream files: read from the command line as
// text, then checked as a whole.
#pragma once

#include <iterator>
#include <span>
#include <string>
#include <vector>

#include "base/error.h"
#include "base/units.h"
#include "report/checksum_file.h"
#include "run/hash.h"
#include "tool/cache_state.h"
#include "tool/output.h"

namespace aiobench::tool {

struct Description;  // tool/description.h

enum class Format { text, json, csv, xxhsum };
inline constexpr Named<Format> kFormats[] = {{Format::text, "text"},
                                             {Format::json, "json"},
                                             {Format::csv, "csv"},
                                             {Format::xxhsum, "xxhsum"}};
// Where there is no digest: all but the last.
inline constexpr std::span kFormatsOfFigures(kFormats, std::size(kFormats) - 1);

// As typed.
struct StreamOptions {
  std::vector<std::string> files;
  std::string engine = engine::kAuto;
  std::string depth = "auto";
  std::string threads = "auto";
  std::string block = "auto";
  std::string hash = "xxh3";
  std::string cache = "asis";
  std::string repeat = "1";
  std::string warmup = "0";
  std::string interval;  // empty: not asked for
  std::string json_file;
  std::string csv_file;
  std::string trace_file;
  std::string format = "text";
  std::string progress = "auto";
  std::string color = "auto";
  bool wine = false;
  bool quiet = false;
  bool verbose = false;
  bool tag = false;
  bool sums_in_file = false;  // another option writes the checksum lines to a file

  // Without a hasher the options of the digest are left out.
  enum class For { hashing, reading, copying };
  void add_to(Description& description, For what = For::hashing);
};

// What they mean. In `run` the engine may be auto, and depth, threads and block_bytes 0: what is
// left open is settled for each file (pipeline/auto_choice.h).
struct StreamSettings {
  run::RunSettings run;
  CacheState cache = CacheState::asis;
  unsigned repeat = 1;
  unsigned warmup = 0;
  Format format = Format::text;
  report::ChecksumForm checksum_form = report::ChecksumForm::gnu;
  report::Style style;  // of text
  bool progress = false;
  bool wine = false;  // the Windows build is to do it
};

// The first option that cannot be used is the error; nothing has been touched then.
Result<StreamSettings> check(const StreamOptions& options);

// The options --progress, --quiet and --verbose, in the group "Output".
void add_verbosity_to(Description& description, std::string& progress, bool& quiet, bool& verbose);
// Log level and the like, from --quiet and --verbose.
void apply_verbosity(bool quiet, bool verbose);

}  // namespace aiobench::tool
