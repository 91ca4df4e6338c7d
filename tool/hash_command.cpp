#include <fmt/format.h>
#include <spdlog/spdlog.h>

#include "platform/console.h"
#include "platform/folder.h"
#include "report/csv.h"
#include "report/json.h"
#include "report/sums.h"
#include "report/text.h"
#include "tool/check_files.h"
#include "tool/command.h"
#include "tool/data_file.h"
#include "tool/handoff.h"
#include "tool/interrupt.h"
#include "tool/session.h"
#include "tool/stream_options.h"

namespace aiobench::tool {
namespace {

struct HashOptions {
  StreamOptions stream;
  std::string check_file;
  bool strict = false;
};

void add_options(CLI::App& app, HashOptions& options) {
  options.stream.add_to(app);
  app.add_option("--check", options.check_file, "compare with the sums in a file (as xxhsum -c)")
      ->type_name("SUMS")
      ->group("Checking");
  app.add_flag("--strict", options.strict, "with --check: a line that is no checksum is a failure")
      ->group("Checking");
}

// What is known to be of no use before anything is touched.
Status check_hash_options(const HashOptions& options) {
  if (options.check_file.empty()) {
    if (options.strict) return usage_error("use --strict", "it belongs to --check");
    return {};
  }
  const StreamOptions& stream = options.stream;
  if (!stream.files.empty()) {
    return usage_error("use --check with file names", "the files are those named in the sums",
                       "leave out the file names");
  }
  if (stream.format != "text" || !stream.json_file.empty() || !stream.csv_file.empty()) {
    return usage_error("use --check with --format, --json or --csv",
                       "checking prints a line a file, and no figures");
  }
  return {};
}

Status check_outputs(const StreamOptions& options) {
  for (const std::string& path : {options.json_file, options.csv_file}) {
    if (path.empty()) continue;
    if (Status writable = platform::can_write(path); !writable) return writable;
  }
  return {};
}

// What of a run goes to stdout as soon as it is there.
void print_run(const measure::Run& run, Format format) {
  if (format == Format::text) {
    if (!run.repetitions.empty()) fmt::print("{}\n", report::text_run(run));
  } else if (format == Format::xxhsum) {
    const measure::Repetition* const r = run.median();
    if (r != nullptr && !r->digest.empty() && !run.failure) {
      fmt::print("{}", report::sum_line(run.config.hash, r->digest, run.target.path));
    }
  }
  std::fflush(stdout);
  if (format == Format::text) return;
  for (const measure::Warning& warning : run.warnings) {
    spdlog::warn("{}: {}; {}", printable(run.target.path), warning.message, warning.advice);
  }
}

ExitCode run_files(const StreamSettings& settings, const std::vector<std::string>& files,
                   measure::Result& result) {
  ExitCode code = ExitCode::good;
  pipeline::BufferPool pool;
  if (settings.format == Format::text) fmt::print("{}\n", report::text_header(result));
  for (const std::string& path : files) {
    measure::Run run = run_file(settings, path, pool);
    print_run(run, settings.format);
    if (run.failure) code = worse(code, tell(*run.failure));
    result.runs.push_back(std::move(run));
    if (!platform::interrupted()) continue;
    const bool whole = result.runs.size() == files.size() && !result.runs.back().failure &&
                       result.runs.back().repetitions.size() == settings.repeat &&
                       !result.runs.back().repetitions.back().partial;
    if (!whole) code = worse(code, tell(interrupted_error("the figures are partial")));
    break;
  }
  return code;
}

ExitCode write_outputs(const StreamOptions& options, Format format, const measure::Result& result,
                       ExitCode code) {
  const auto write = [&](const std::string& path, const std::string& text) {
    if (path.empty()) return;
    if (Status written = platform::write_file(path, text); !written) {
      code = worse(code, tell(written.error()));
    }
  };
  if (!options.json_file.empty()) write(options.json_file, report::to_json(result));
  if (!options.csv_file.empty()) write(options.csv_file, report::to_csv(result));
  if (format == Format::json) fmt::print("{}", report::to_json(result));
  if (format == Format::csv) fmt::print("{}", report::to_csv(result));
  return finish_output(code);
}

}  // namespace

ExitCode hash_command(const Arguments& arguments) {
  CLI::App app("Streams files through a hasher, in file order, and measures it.", "aiobench hash");
  HashOptions options;
  add_options(app, options);
  if (const std::optional<ExitCode> code = parse(app, arguments)) return *code;
  const Result<StreamSettings> settings = check(options.stream);
  if (!settings) return tell(settings.error());
  if (Status fits = check_hash_options(options); !fits) return tell(fits.error());
  apply_verbosity(options.stream);
  std::vector<std::string> files = options.stream.files;
  Arguments passed_on = arguments;
  main_event();
  if (files.empty() && options.check_file.empty()) {
    Result<std::string> file = default_file(settings->progress);
    if (!file) return tell(file.error());
    files.push_back(*file);
    passed_on.push_back(*file);
  }
  if (settings->wine) return tell(hand_off("hash", passed_on));
  if (!options.check_file.empty()) {
    return check_files(*settings, options.check_file, options.stream.quiet, options.strict);
  }
  if (Status writable = check_outputs(options.stream); !writable) return tell(writable.error());
  measure::Result result = new_result();
  const ExitCode code = run_files(*settings, files, result);
  return write_outputs(options.stream, settings->format, result, code);
}

}  // namespace aiobench::tool
