// aiobench hash --check SUMS: hashes the files named in a checksum file, and compares.

#include <fmt/core.h>

#include <string>

#include "base/log.h"
#include "base/units.h"
#include "os/atomic_file.h"
#include "os/console.h"
#include "os/directory.h"
#include "report/checksum_file.h"
#include "tool/command.h"
#include "tool/data_file.h"
#include "tool/options.h"
#include "tool/output.h"
#include "tool/results.h"
#include "tool/session.h"

namespace aiobench::tool {

// Prints a line a file, as `xxhsum -c` does; with `quiet` only those that are not OK. `strict`
// makes lines that cannot be read a bad verdict.
ExitCode check_files(const StreamSettings& settings, const std::string& sums_path, bool quiet,
                     bool strict);

namespace {

constexpr std::uint64_t kMostSumsBytes = 256 * kMiB;

ExitCode check_one(StreamSettings settings, const report::ChecksumLine& sum, bool quiet,
                   run::BufferPool& pool) {
  settings.run.hash = *hash::parse_algorithm(sum.hash);
  settings.repeat = 1;
  settings.warmup = 0;
  const result::Run run = run_file(settings, sum.path, pool);
  if (run.failure) {
    put(report::verdict_line(sum.path, "FAILED open or read"));
    return tell(*run.failure);
  }
  if (run.repetitions.empty() || run.repetitions[0].partial) return ExitCode::interrupted;
  const bool equal = run.repetitions[0].digest == sum.digest;
  if (!equal || !quiet) put(report::verdict_line(sum.path, equal ? "OK" : "FAILED"));
  return equal ? ExitCode::good : ExitCode::bad;
}

// The lines that could not be read, told once.
ExitCode tell_malformed(const std::string& path, const report::ChecksumList& sums, bool strict) {
  const std::size_t count = sums.malformed_lines.size();
  if (sums.sums.empty()) {
    Error error = usage_error("check", "no line of it is a checksum as xxhsum writes it",
                              "make one with aiobench hash --format xxhsum FILE...");
    error.path = path;
    return tell(error);
  }
  if (count == 0) return ExitCode::good;
  log_warning(fmt::format("{}: {} line{} not in a form that xxhsum writes (the first: line {})",
                          printable(path), count, count == 1 ? " is" : "s are",
                          sums.malformed_lines[0]));
  return strict ? ExitCode::bad : ExitCode::good;
}

}  // namespace

ExitCode check_files(const StreamSettings& settings, const std::string& sums_path, bool quiet,
                     bool strict) {
  const Result<std::string> text = os::read_file(sums_path, kMostSumsBytes);
  if (!text) return tell(text.error());
  const report::ChecksumList sums = report::parse_checksum_file(*text);
  ExitCode code = tell_malformed(sums_path, sums, strict);
  if (code == ExitCode::unusable) return code;
  run::BufferPool pool;
  std::size_t different = 0;
  std::size_t unread = 0;
  std::size_t done = 0;
  for (const report::ChecksumLine& sum : sums.sums) {
    const ExitCode one = check_one(settings, sum, quiet, pool);
    code = worse(code, one);
    different += one == ExitCode::bad ? 1 : 0;
    unread += one == ExitCode::failed ? 1 : 0;
    done += one == ExitCode::interrupted ? 0 : 1;
    if (os::interrupted()) break;
  }
  if (different > 0) log_warning(fmt::format("{} of {} files differ", different, sums.sums.size()));
  if (unread > 0)
    log_warning(fmt::format("{} of {} files could not be read", unread, sums.sums.size()));
  if (done < sums.sums.size()) {
    const std::string rest = fmt::format("{} of {} files were checked", done, sums.sums.size());
    code = worse(code, tell(os::interrupted_error(rest)));
  }
  return finish_output(code);
}

namespace {

struct HashOptions {
  StreamOptions stream;
  std::string check_file;
  bool strict = false;
};

void declare_hash(Description& description, HashOptions& options) {
  description.name = "hash";
  description.about = "Streams files through a hasher, in file order, and measures it.";
  options.stream.add_to(description);
  description.option("--check", options.check_file,
                     "compare with the sums in a file (as xxhsum -c)", kFileType, "Checking");
  description.flag("--strict", options.strict,
                   "with --check: a line that is no checksum is a failure", "Checking");
  description.notes = "Engines: " + engine::names();
  description.examples = {
      {"aiobench --engine io_uring --depth 32 file.bin", "hash is the default command"},
      {"aiobench hash --engine iocp --depth 32 file.bin",
       "a mechanism of Windows; on Linux in the Windows build, under Wine"},
      {"aiobench hash --cache cold --repeat 5 --json result.json file.bin",
       "from the disk five times, each run raw in a file for compare or report"},
      {"aiobench hash --format xxhsum *.bin > SUMS && aiobench hash --check SUMS",
       "the same lines as xxhsum; then checked"}};
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
  const bool no_outputs =
      stream.json_file.empty() && stream.csv_file.empty() && stream.trace_file.empty();
  if (stream.tag) {
    return usage_error("use --check with --tag", "it is a form of lines that are written",
                       "leave out --tag: --check reads every form");
  }
  if (stream.format != "text" || !no_outputs) {
    return usage_error("use --check with --format, --json, --csv or --trace",
                       "checking prints a line a file, and no figures");
  }
  return {};
}

ExitCode run_files(const StreamSettings& settings, const std::vector<std::string>& files,
                   result::Results& result) {
  ExitCode code = ExitCode::good;
  run::BufferPool pool;
  for (const std::string& path : files) {
    add_run(result, run_file(settings, path, pool));
    const result::Run& run = result.runs.back();
    print_run(result, settings);
    if (run.failure) code = worse(code, tell(*run.failure));
    if (!os::interrupted()) continue;
    const bool all_files = result.runs.size() == files.size();
    if (run.partial || !all_files)
      code = worse(code, tell(os::interrupted_error(what_is_there(result))));
    break;
  }
  return code;
}

}  // namespace

std::shared_ptr<Description> describe_hash() {
  return std::make_shared<Described<HashOptions>>(declare_hash);
}

ExitCode hash_command(const Arguments& arguments) {
  Described<HashOptions> described(declare_hash);
  if (const std::optional<ExitCode> code = parse(described, arguments)) return *code;
  const HashOptions& options = described.options;
  Result<StreamSettings> settings = check(options.stream);
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
  result::Results result = new_result();
  const std::unique_ptr<stats::Trace> trace = new_trace(options.stream);
  settings->run.trace = trace.get();
  ExitCode code = run_files(*settings, files, result);
  code = write_trace(options.stream, trace.get(), result, code);
  return write_outputs(options.stream, settings->format, result, code);
}

}  // namespace aiobench::tool
