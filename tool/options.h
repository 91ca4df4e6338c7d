// The options shared by hash, read, copy and sweep: first the text of the command line, then the
// checked settings.
#pragma once

#include <iterator>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "base/error.h"
#include "base/units.h"
#include "report/checksum_file.h"
#include "result/model.h"
#include "run/hash.h"
#include "tool/output.h"

namespace aiobench::tool {

// The page cache state before a run (--cache), and bringing a file into that state.

enum class CacheState {
  asis,    // unchanged
  warm,    // the file is in the cache
  cold,    // nothing of the file is in the cache
  direct,  // the cache is bypassed: O_DIRECT, FILE_FLAG_NO_BUFFERING
};

// The values of --cache.
std::span<const Named<CacheState>> cache_states();
const char* name(CacheState state);
Result<CacheState> parse_cache_state(std::string_view text);

// Brings the file `path` into the state and verifies it. A state that was not reached, or could not
// be verified, adds a warning. A file that cannot be opened or read is an error.
Status prepare_cache(const std::string& path, CacheState state,
                     std::vector<result::Warning>& warnings);

struct Description;

enum class Format { text, json, csv, xxhsum };
inline constexpr Named<Format> kFormats[] = {{Format::text, "text"},
                                             {Format::json, "json"},
                                             {Format::csv, "csv"},
                                             {Format::xxhsum, "xxhsum"}};
// The formats of commands without a digest: all but xxhsum.
inline constexpr std::span kFormatsWithoutDigest(kFormats, std::size(kFormats) - 1);

// Paragraphs for the help: how sizes and times are written.
inline constexpr const char* kSizeNote =
    "SIZE is in bytes; the suffixes k, M, G and T are powers of 1024 (4k, 1MiB).";
inline constexpr const char* kUnitsNote =
    "SIZE is in bytes; the suffixes k, M, G and T are powers of 1024 (4k, 1MiB). TIME is in "
    "seconds "
    "or has a unit: 500ms, 10s, 2m, 1h.";

// The text of the command line.
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
  std::string interval;  // empty: no intervals
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
  bool checksums_in_file = false;  // --manifest writes the checksum lines to a file

  // For::reading leaves out the options that concern digests.
  enum class For { hashing, reading, copying };
  void add_to(Description& description, For what = For::hashing);
};

// The checked settings. In `run` the engine may be "auto", and depth, threads and block_bytes may
// be 0: these are chosen for each file by settle() (tool/session.h).
struct StreamSettings {
  run::RunSettings run;
  CacheState cache = CacheState::asis;
  unsigned repeat = 1;
  unsigned warmup = 0;
  Format format = Format::text;
  report::ChecksumForm checksum_form = report::ChecksumForm::gnu;
  report::Style style;  // for text output
  bool progress = false;
  bool wine = false;  // run the Windows build under Wine
};

// Checks all options without side effects. The error names the first invalid option.
Result<StreamSettings> check(const StreamOptions& options);

// The options --progress, --quiet and --verbose, in the group "Output".
void add_verbosity_to(Description& description, std::string& progress, bool& quiet, bool& verbose);
// Sets the log level for --quiet and --verbose.
void apply_verbosity(bool quiet, bool verbose);

}  // namespace aiobench::tool
