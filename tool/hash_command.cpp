// aiobench hash, also with --check: hashes the files named in a checksum file and compares.

#include <fmt/core.h>

#include <string>

#include "base/log.h"
#include "base/units.h"
#include "engine/registry.h"
#include "hash/hasher.h"
#include "os/atomic_file.h"
#include "os/console.h"
#include "os/directory.h"
#include "report/checksum_file.h"
#include "tool/command.h"
#include "tool/create_command.h"
#include "tool/measure.h"
#include "tool/options.h"
#include "tool/output.h"

namespace aiobench::tool {

namespace {

constexpr std::uint64_t kMaxChecksumFileBytes = 256 * kMiB;

ExitCode check_one(Measurement measurement, const report::ChecksumLine& line, bool quiet,
                   run::BufferPool& pool) {
  measurement.settings.hash = *hash::parse_algorithm(line.hash);
  measurement.repeat = 1;
  measurement.warmup = 0;
  const result::Run run = run_file(measurement, line.path, pool);
  if (run.failure) {
    put(report::verdict_line(line.path, "FAILED open or read"));
    return report_error(*run.failure);
  }
  if (run.repetitions.empty() || run.repetitions[0].partial) return ExitCode::interrupted;
  const bool equal = run.repetitions[0].digest == line.digest;
  if (!equal || !quiet) put(report::verdict_line(line.path, equal ? "OK" : "FAILED"));
  return equal ? ExitCode::good : ExitCode::bad;
}

// Reports malformed lines, in one message.
ExitCode report_malformed(const std::string& path, const report::ChecksumList& list, bool strict) {
  const std::size_t count = list.malformed_lines.size();
  if (list.lines.empty()) {
    Error error = usage_error("check", "it contains no checksum line in a format of xxhsum",
                              "create one with aiobench hash --format xxhsum FILE...");
    error.path = path;
    return report_error(error);
  }
  if (count == 0) return ExitCode::good;
  log_warning(fmt::format("{}: {} line{} malformed (the first: line {})", printable(path), count,
                          count == 1 ? " is" : "s are", list.malformed_lines[0]));
  return strict ? ExitCode::bad : ExitCode::good;
}

// Prints one line per file, as `xxhsum -c` does; if `quiet`, only for files that are not OK. With
// `strict`, malformed lines in the checksum file give ExitCode::bad.
ExitCode check_files(const Measurement& measurement, const std::string& checksum_path, bool quiet,
                     bool strict) {
  const Result<std::string> text = os::read_file(checksum_path, kMaxChecksumFileBytes);
  if (!text) return report_error(text.error());
  const report::ChecksumList list = report::parse_checksum_file(*text);
  ExitCode code = report_malformed(checksum_path, list, strict);
  if (code == ExitCode::unusable) return code;
  run::BufferPool pool;
  std::size_t different = 0;
  std::size_t unread = 0;
  std::size_t done = 0;
  for (const report::ChecksumLine& line : list.lines) {
    const ExitCode one = check_one(measurement, line, quiet, pool);
    code = worse(code, one);
    different += one == ExitCode::bad ? 1 : 0;
    unread += one == ExitCode::failed ? 1 : 0;
    done += one == ExitCode::interrupted ? 0 : 1;
    if (os::interrupted()) break;
  }
  if (different > 0)
    log_warning(fmt::format(
        "{} of {} files {}", different, list.lines.size(),
        different == 1 ? "does not match its checksum" : "do not match their checksums"));
  if (unread > 0)
    log_warning(fmt::format("{} of {} files could not be read", unread, list.lines.size()));
  if (done < list.lines.size()) {
    const std::string rest = fmt::format("{} of {} files were checked", done, list.lines.size());
    code = worse(code, report_error(os::interrupted_error(rest)));
  }
  return finish_output(code);
}

struct HashOptions {
  StreamOptions stream;
  std::string check_file;
  bool strict = false;
};

void declare_hash(Description& description, HashOptions& options) {
  description.name = "hash";
  description.about =
      "Reads files through an I/O mechanism, hashes each from its first byte to its last, and "
      "reports throughput and latency.";
  options.stream.add_to(description);
  description.option("--check", options.check_file,
                     "verify files against the checksums in FILE, like xxhsum -c", kFileType,
                     "Checking");
  description.flag("--strict", options.strict,
                   "with --check: exit with code 1 if a line is malformed", "Checking");
  description.notes = std::string(kUnitsNote) + "\nEngines: " + engine::names();
  description.examples = {
      {"aiobench --engine io_uring --depth 32 file.bin", "hash is the default command"},
      {"aiobench hash --engine iocp --depth 32 file.bin",
       "a Windows engine; on Linux it runs under Wine"},
      {"aiobench hash --cache cold --repeat 5 --json result.json file.bin",
       "read from the disk five times; save the result for compare or report"},
      {"aiobench hash --format xxhsum *.bin > SUMS && aiobench hash --check SUMS",
       "write checksums as xxhsum does, then verify them"}};
}

// Refuses combinations of options that contradict each other.
Status check_hash_options(const HashOptions& options) {
  if (options.check_file.empty()) {
    if (options.strict)
      return usage_error("use --strict", "it requires --check",
                         "add --check, or leave out --strict");
    return {};
  }
  const StreamOptions& stream = options.stream;
  if (stream.measurement.settings.engine == "null") {
    return usage_error("use --check with engine 'null'", "it reads no data",
                       "choose another engine");
  }
  if (!stream.files.empty()) {
    return usage_error("use --check with file names", "the checksum file names the files",
                       "leave out the file names");
  }
  const Outputs& outputs = stream.outputs;
  const bool no_outputs =
      outputs.json_file.empty() && outputs.csv_file.empty() && outputs.trace_file.empty();
  if (stream.tag) {
    return usage_error("use --check with --tag", "--tag is an output style",
                       "leave out --tag: --check reads every style");
  }
  if (outputs.format != Format::text || !no_outputs) {
    return usage_error("use --check with --format, --json, --csv or --trace",
                       "--check prints one line per file and no measurements",
                       "leave out --check, or the options --format, --json, --csv and --trace");
  }
  return {};
}

ExitCode run_files(const StreamOptions& options, result::Results& result) {
  ExitCode code = ExitCode::good;
  run::BufferPool pool;
  for (const std::string& path : options.files) {
    add_run(result, run_file(options.measurement, path, pool));
    const result::Run& run = result.runs.back();
    print_run(result, options.outputs);
    if (run.failure) code = worse(code, report_error(*run.failure));
    if (!os::interrupted()) continue;
    const bool all_files = result.runs.size() == options.files.size();
    if (run.partial || !all_files)
      code = worse(code, report_error(os::interrupted_error(interrupt_note(result))));
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
  HashOptions& options = described.options;
  StreamOptions& stream = options.stream;
  if (Status fits = stream.check(); !fits) return report_error(fits.error());
  if (Status fits = check_hash_options(options); !fits) return report_error(fits.error());
  stream.terminal.apply_verbosity();
  Arguments wine_arguments = arguments;
  main_event();
  if (stream.files.empty() && options.check_file.empty()) {
    Result<std::string> file = default_file(stream.measurement.progress);
    if (!file) return report_error(file.error());
    stream.files.push_back(*file);
    wine_arguments.push_back(*file);
  }
  if (stream.wine) return report_error(run_under_wine("hash", wine_arguments));
  if (!options.check_file.empty()) {
    return check_files(stream.measurement, options.check_file, stream.terminal.quiet,
                       options.strict);
  }
  if (Status writable = stream.outputs.check(stream.files); !writable)
    return report_error(writable.error());
  result::Results result = new_result();
  const std::unique_ptr<stats::Trace> trace = new_trace(stream.outputs.trace_file);
  stream.measurement.trace = trace.get();
  ExitCode code = run_files(stream, result);
  code = write_trace(stream.outputs, trace.get(), result, code);
  return write_outputs(stream.outputs, result, code);
}

}  // namespace aiobench::tool
