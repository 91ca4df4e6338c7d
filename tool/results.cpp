#include "tool/results.h"

#include <fmt/core.h>

#include <algorithm>
#include <iterator>
#include <utility>

#include "base/log.h"
#include "os/atomic_file.h"
#include "os/directory.h"
#include "report/checksum_file.h"
#include "report/csv.h"
#include "report/text.h"
#include "result/json_reader.h"
#include "result/json_writer.h"
#include "run/run.h"
#include "tool/command.h"
#include "tool/output.h"
#include "tool/session.h"

namespace aiobench::tool {
namespace {

Error no_results_in(const std::string& directory) {
  Error error = usage_error("read results in", "no file in this directory ends in .json",
                            "create one with --json FILE of hash, read or copy");
  error.path = directory;
  return error;
}

}  // namespace

Result<std::vector<std::string>> result_files(const std::string& path) {
  if (os::kind_of(path) != os::PathKind::directory) return std::vector{path};
  Result<std::vector<std::string>> names = os::file_names_in(path);
  if (!names) return names.take_error();
  std::vector<std::string> files;
  for (const std::string& name : *names) {
    if (name.ends_with(".json")) files.push_back(os::join_path(path, name));
  }
  if (files.empty()) return no_results_in(path);
  return files;
}

Result<std::vector<result::Results>> read_results(const std::vector<std::string>& files) {
  std::vector<result::Results> results;
  for (const std::string& file : files) {
    Result<result::Results> result = result::read_result_file(file);
    if (!result) return result.take_error();
    results.push_back(result.take());
  }
  return results;
}

namespace {

// Prints the last run, after the header if no earlier run was printed.
void print_text(const result::Results& result, const report::Style& style) {
  const result::Run& run = result.runs.back();
  if (run.repetitions.empty()) return;
  const auto texts = std::count_if(result.runs.begin(), result.runs.end(),
                                   [](const auto& r) { return !r.repetitions.empty(); });
  if (texts == 1) print("{}\n", report::text_header(result, style));
  print("{}\n", report::text_run(run, style));
}

}  // namespace

Status check_outputs(const StreamOptions& options) {
  const std::pair<const char*, const std::string&> outputs[] = {
      {"--json", options.json_file}, {"--csv", options.csv_file}, {"--trace", options.trace_file}};
  for (std::size_t i = 0; i < std::size(outputs); ++i) {
    for (std::size_t k = i + 1; k < std::size(outputs); ++k) {
      if (outputs[i].second.empty() || outputs[i].second != outputs[k].second) continue;
      return usage_error(fmt::format("use {} and {}", outputs[i].first, outputs[k].first),
                         "both name '" + outputs[i].second + "'");
    }
  }
  for (const auto& [option, path] : outputs) {
    if (path.empty()) continue;
    for (const std::string& input : options.files) {
      if (input == path || os::same_file(input, path)) {
        return usage_error(fmt::format("use {} {}", option, path),
                           "it is an input file and would be overwritten", "choose another name");
      }
    }
    if (Status writable = os::can_write(path); !writable) return writable;
  }
  return {};
}

void print_run(const result::Results& result, const StreamSettings& settings) {
  const Format format = settings.format;
  const result::Run& run = result.runs.back();
  if (format == Format::text) {
    print_text(result, settings.style);
  } else if (format == Format::xxhsum) {
    const result::Repetition* const r = run.median_repetition();
    if (r != nullptr && !r->digest.empty() && !run.failure) {
      put(report::checksum_line(run.config.hash, r->digest, run.target.path,
                                settings.checksum_form));
    }
  }
  flush_output();
  if (format == Format::text) return;
  // In the text format the warnings are part of the run.
  for (const result::Warning& warning : run.warnings) {
    if (!warning.kind().unmet) continue;
    log_warning(
        fmt::format("{}: {}; {}", printable(run.target.path), warning.message, warning.advice));
  }
}

std::string interrupt_note(const result::Results& result) {
  // If several files are read concurrently, any of them may be partial.
  const bool cut_short =
      std::any_of(result.runs.begin(), result.runs.end(),
                  [](const result::Run& run) { return run.partial && !run.repetitions.empty(); });
  return cut_short || !result.runs.back().repetitions.empty() ? "the figures are partial"
                                                              : "the last file was not measured";
}

ExitCode write_outputs(const StreamOptions& options, Format format, result::Results& result,
                       ExitCode code) {
  // Takes some milliseconds, and only the JSON formats show it.
  if (format == Format::json || !options.json_file.empty()) {
    result.own_cost = run::own_cost(main_event());
  }
  const auto write = [&](const std::string& path, const std::string& text) {
    if (path.empty()) return;
    if (Status written = os::write_file(path, text); !written) {
      code = worse(code, report_error(written.error()));
    }
  };
  if (!options.json_file.empty()) write(options.json_file, result::to_json(result));
  if (!options.csv_file.empty()) write(options.csv_file, report::to_csv(result));
  if (format == Format::json) put(result::to_json(result));
  if (format == Format::csv) put(report::to_csv(result));
  return finish_output(code);
}

}  // namespace aiobench::tool
