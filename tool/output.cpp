#include "tool/output.h"

#include <algorithm>
#include <cerrno>
#include <cstdio>
#include <iterator>

#include "base/log.h"
#include "os/atomic_file.h"
#include "os/directory.h"
#include "os/system_error.h"
#include "report/csv.h"
#include "report/text.h"
#include "report/trace_json.h"
#include "result/json_writer.h"
#include "run/run.h"
#include "tool/command.h"
#include "tool/measure.h"

namespace aiobench::tool {
namespace {

constexpr ExitMeaning kMeanings[] = {
    {ExitCode::good, "success; no difference and no regression was found"},
    {ExitCode::bad,
     "data differs (hash --check, copy --verify, sweep), a malformed line (hash --check --strict), "
     "or a regression (compare)"},
    {ExitCode::unusable, "invalid command line or input file; nothing was changed"},
    {ExitCode::failed,
     "I/O or system error; also if passes of hash give different digests, or if a limit stops a "
     "sweep before every configuration was started"},
    {ExitCode::unclear, "compare: inconclusive, or results not comparable"},
    {ExitCode::interrupted, "interrupted; results are marked as partial"},
};

int severity(ExitCode code) {
  switch (code) {
    case ExitCode::good:
      return 0;
    case ExitCode::unclear:
      return 1;
    case ExitCode::unusable:
      return 2;
    case ExitCode::bad:
      return 3;
    case ExitCode::failed:
      return 4;
    case ExitCode::interrupted:
      return 5;
  }
  return 0;
}

int first_failure = 0;  // errno of the first failed write to stdout; 0 if none failed

void note_failure() {
  if (first_failure == 0) first_failure = errno;
}

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

std::span<const ExitMeaning> exit_meanings() {
  return kMeanings;
}

ExitCode worse(ExitCode a, ExitCode b) {
  return severity(b) > severity(a) ? b : a;
}

void put(std::string_view text) {
  if (text.empty()) return;
  errno = 0;
  if (std::fwrite(text.data(), 1, text.size(), stdout) != text.size()) note_failure();
}

void flush_output() {
  errno = 0;
  if (std::fflush(stdout) != 0) note_failure();
}

ExitCode finish_output(ExitCode code) {
  flush_output();
  if (first_failure == 0) return code;
  const Error error = os::stream_error("write the result to standard output", first_failure);
  return worse(code, report_error(error));
}

Status Outputs::check(const std::vector<std::string>& inputs) const {
  const std::pair<const char*, const std::string&> outputs[] = {
      {"--json", json_file}, {"--csv", csv_file}, {"--trace", trace_file}};
  for (std::size_t i = 0; i < std::size(outputs); ++i) {
    for (std::size_t k = i + 1; k < std::size(outputs); ++k) {
      if (outputs[i].second.empty() || outputs[i].second != outputs[k].second) continue;
      return usage_error(fmt::format("use {} and {}", outputs[i].first, outputs[k].first),
                         "both name '" + outputs[i].second + "'",
                         "choose another name for one of them");
    }
  }
  for (const auto& [option, path] : outputs) {
    if (path.empty()) continue;
    for (const std::string& input : inputs) {
      if (input == path || os::same_file(input, path)) {
        return usage_error(fmt::format("use {} {}", option, path),
                           "it is an input file and would be overwritten", "choose another name");
      }
    }
    if (Status writable = os::can_write(path); !writable) return writable;
  }
  return {};
}

void print_run(const result::Results& result, const Outputs& outputs) {
  const Format format = outputs.format;
  const result::Run& run = result.runs.back();
  if (format == Format::text) {
    print_text(result, outputs.style);
  } else if (format == Format::xxhsum) {
    const result::Repetition* const r = run.median_repetition();
    if (r != nullptr && !r->digest.empty() && !run.failure) {
      put(report::checksum_line(name(run.config.hash), r->digest, run.target.path,
                                outputs.checksum_form));
    }
  }
  flush_output();
  if (format == Format::text) return;
  // In the text format the warnings are part of the run.
  for (const result::Warning& warning : run.warnings) {
    if (!warning.kind().unmet) continue;
    log_warning(
        fmt::format("{}: {} ({})", printable(run.target.path), warning.message, warning.advice));
  }
}

std::string interrupt_note(const result::Results& result) {
  // If several files are read concurrently, any of them may be partial.
  const bool cut_short =
      std::any_of(result.runs.begin(), result.runs.end(),
                  [](const result::Run& run) { return run.partial && !run.repetitions.empty(); });
  const result::Run& last = result.runs.back();
  if (cut_short || !last.repetitions.empty()) return "the figures are partial";
  return fmt::format("'{}' was not measured", printable(last.target.path));
}

ExitCode write_trace(const Outputs& outputs, const stats::Trace* trace,
                     const result::Origin& origin, ExitCode code) {
  if (trace == nullptr) return code;
  const std::string& path = outputs.trace_file;
  if (Status written = os::write_file(path, report::trace_json(*trace, origin)); !written) {
    return worse(code, report_error(written.error()));
  }
  const std::uint64_t dropped = trace->dropped();
  log_info(fmt::format("wrote a trace of {} events to '{}'; open it in Perfetto (ui.perfetto.dev)",
                       format_count(trace->added() - dropped), printable(path)));
  if (dropped > 0) {
    log_warning(
        fmt::format("'{}' is incomplete: a trace holds at most {} events, and {} more were dropped",
                    printable(path), format_count(trace->max_events()), format_count(dropped)));
  }
  return code;
}

ExitCode write_outputs(const Outputs& outputs, result::Results& result, ExitCode code) {
  const Format format = outputs.format;
  // Takes some milliseconds, and only the JSON formats show it.
  if (format == Format::json || !outputs.json_file.empty()) {
    result.own_cost = run::own_cost(main_event());
  }
  const auto write = [&](const std::string& path, const std::string& text) {
    if (path.empty()) return;
    if (Status written = os::write_file(path, text); !written) {
      code = worse(code, report_error(written.error()));
    }
  };
  if (!outputs.json_file.empty()) write(outputs.json_file, result::to_json(result));
  if (!outputs.csv_file.empty()) write(outputs.csv_file, report::to_csv(result));
  if (format == Format::json) put(result::to_json(result));
  if (format == Format::csv) put(report::to_csv(result));
  return finish_output(code);
}

}  // namespace aiobench::tool
