// The output of a command: its exit code, what it prints on stdout, and the files with its result.
#pragma once

#include <fmt/core.h>

#include <iterator>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/error.h"
#include "base/units.h"
#include "report/checksum_file.h"
#include "report/terminal_text.h"
#include "result/model.h"
#include "stats/trace.h"

namespace aiobench::tool {

// The exit codes of all commands. Scripts depend on the numbers.
enum class ExitCode {
  good = 0,
  bad = 1,       // data differs, or a regression was found
  unusable = 2,  // invalid command line, or an input file of results or checksums is unusable
  failed = 3,    // input/output or system error
  unclear = 5,   // compare only: inconclusive, or results not comparable
  interrupted = 130,
};

struct ExitMeaning {
  ExitCode code;
  const char* meaning;
};

// The description of each code for help and manual page.
std::span<const ExitMeaning> exit_meanings();

// The more severe of two exit codes, for a command with several results. From most to least severe:
// interrupted, failed, bad, unusable, unclear, good.
ExitCode worse(ExitCode a, ExitCode b);

// Writes `text` to stdout. A failure (full disk, closed pipe) is remembered for finish_output().
void put(std::string_view text);

template <class... Parts>
void print(fmt::format_string<Parts...> format, Parts&&... parts) {
  put(fmt::format(format, std::forward<Parts>(parts)...));
}

// Flushes stdout.
void flush_output();

// Flushes stdout. If writing failed at any time, reports the error and returns the more severe exit
// code, so that a program whose output was lost never ends with 0.
ExitCode finish_output(ExitCode code);

enum class Format { text, json, csv, xxhsum };
inline constexpr Named<Format> kFormats[] = {{Format::text, "text"},
                                             {Format::json, "json"},
                                             {Format::csv, "csv"},
                                             {Format::xxhsum, "xxhsum"}};
// The formats of commands without a digest: all but xxhsum.
inline constexpr std::span kFormatsWithoutDigest(kFormats, std::size(kFormats) - 1);

// Where the result of a measurement goes, and in which form.
struct Outputs {
  std::string json_file;  // empty: none; also in the next two
  std::string csv_file;
  std::string trace_file;
  Format format = Format::text;  // on stdout
  report::ChecksumForm checksum_form = report::ChecksumForm::gnu;
  report::Style style;  // of the format text

  // Refuses an output file that is also one of `inputs` or another output, or that cannot be
  // written.
  Status check(const std::vector<std::string>& inputs) const;
};

// Prints the last run on stdout in the formats text and xxhsum; the other formats print at the end.
void print_run(const result::Results& result, const Outputs& outputs);

// What an interrupted command reports: whether there are partial figures of the last file.
std::string interrupt_note(const result::Results& result);

// After the last pass: writes the file of --trace and prints a note about it. `trace`: what was
// recorded, or nullptr. Returns `code`, or a more severe one.
ExitCode write_trace(const Outputs& outputs, const stats::Trace* trace,
                     const result::Origin& origin, ExitCode code);

// At the end: prints the formats json and csv on stdout and writes the files of --json and --csv.
// Returns `code`, or a more severe one.
ExitCode write_outputs(const Outputs& outputs, result::Results& result, ExitCode code);

// The version and build of this program.
result::ToolInfo tool_info();

// "aiobench 0.1.0 (commit 1a2b3c4, GCC 12.2.0, Release, Linux)"
std::string version_line();

}  // namespace aiobench::tool
