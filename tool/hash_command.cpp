#include <CLI/CLI.hpp>

#include "platform/console.h"
#include "tool/check_files.h"
#include "tool/command.h"
#include "tool/data_file.h"
#include "tool/handoff.h"
#include "tool/interrupt.h"
#include "tool/output.h"
#include "tool/result_output.h"
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
  if (stream.engine == "null") {
    return usage_error("use --check with engine 'null'", "it reads no data",
                       "choose another engine");
  }
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

ExitCode run_files(const StreamSettings& settings, const std::vector<std::string>& files,
                   measure::Result& result) {
  ExitCode code = ExitCode::good;
  pipeline::BufferPool pool;
  for (const std::string& path : files) {
    const measure::Run& run = add_run(result, run_file(settings, path, pool));
    print_run(result, settings.format);
    if (run.failure) code = worse(code, tell(*run.failure));
    if (!platform::interrupted()) continue;
    const bool all_files = result.runs.size() == files.size();
    if (run.partial || !all_files)
      code = worse(code, tell(platform::interrupted_error(what_is_there(result))));
    break;
  }
  return code;
}

}  // namespace

ExitCode hash_command(const Arguments& arguments) {
  CLI::App app("Streams files through a hasher, in file order, and measures it.", "aiobench hash");
  HashOptions options;
  add_options(app, options);
  app.footer("Engines: " + engine::names());
  if (const std::optional<ExitCode> code = parse(app, arguments)) return *code;
  const Result<StreamSettings> settings = check(options.stream);
  if (!settings) return tell(settings.error());
  if (Status fits = check_hash_options(options); !fits) return tell(fits.error());
  apply_verbosity(options.stream.quiet, options.stream.verbose);
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
