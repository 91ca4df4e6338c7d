// The options shared by hash, read, copy and sweep, and the readers of typed option values.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "base/error.h"
#include "base/settings.h"
#include "base/units.h"
#include "tool/command.h"
#include "tool/measure.h"
#include "tool/output.h"
#include "tool/terminal.h"

namespace aiobench::tool {

// Paragraphs for the help: how sizes and times are written.
inline constexpr const char* kSizeNote =
    "SIZE is in bytes; the suffixes k, M, G and T are powers of 1024 (4k, 1MiB).";
inline constexpr const char* kUnitsNote =
    "SIZE is in bytes; the suffixes k, M, G and T are powers of 1024 (4k, 1MiB). TIME is in "
    "seconds "
    "or has a unit: 500ms, 10s, 2m, 1h.";

// Option values as text -> typed values. The errors name the option, here --depth, --threads and
// --block-size.
Result<unsigned> parse_depth(const std::string& text);
Result<unsigned> parse_threads(const std::string& text);
Result<std::uint32_t> parse_block_size(const std::string& text);
Result<CacheState> parse_cache_state(const std::string& text);

// Readers of option values. `option` is named in errors: "--seed".
ReadValue count_reader(unsigned& value, const char* option, std::uint64_t least,
                       std::uint64_t most);
ReadValue count_reader(std::uint64_t& value, const char* option, std::uint64_t least,
                       std::uint64_t most);
ReadValue size_reader(std::uint64_t& value, const char* option);
ReadValue seconds_reader(double& value, const char* option);

// The command line of hash, read and copy. The parser fills it; check() completes it.
struct StreamOptions {
  std::vector<std::string> files;
  Measurement measurement;
  Outputs outputs;
  TerminalOptions terminal;
  bool wine = false;               // after check(): run the Windows build under Wine
  bool tag = false;                // checksums in BSD style
  bool checksums_in_file = false;  // --manifest writes the checksum lines to a file

  // For::reading leaves out the options that concern digests; For::copying also accepts the engine
  // kSystemCopy.
  enum class For { hashing, reading, copying };
  void add_to(Description& description, For what = For::hashing);

  // After parsing: refuses options that contradict each other, and sets what follows from several
  // options or from the terminal: progress, style, format with --tag, and `wine`.
  Status check();
};

// Whether the engine of `settings` runs in the Windows build under Wine. `wine`: the user asked for
// that. An error if the system cannot run the engine, or not with the other settings.
Result<bool> runs_under_wine(const Settings& settings, bool wine);

}  // namespace aiobench::tool
