// aiobench read: reads several files concurrently without hashing.

#include <fmt/core.h>

#include <cstdlib>
#include <optional>
#include <string>
#include <vector>

#include "base/log.h"
#include "base/units.h"
#include "result/model.h"
#include "run/auto_tune.h"
#include "run/read.h"
#include "tool/command.h"
#include "tool/options.h"
#include "tool/output.h"
#include "tool/session.h"

namespace aiobench::tool {

namespace {

result::ReadConfig config_of(const run::ReadSettings& read, std::size_t files) {
  return {.pattern = run::name(read.pattern),
          .seed = read.seed,
          .duration_seconds = read.duration_seconds,
          .limit_bytes = read.bytes,
          .rate_per_second = read.rate,
          .files_at_once = static_cast<unsigned>(files)};
}

std::vector<result::Run> new_runs(const StreamSettings& settings, const run::ReadSettings& read,
                                  bool chosen, const std::vector<std::string>& files) {
  std::vector<result::Run> runs;
  for (const std::string& path : files) {
    result::Run run;
    run.job = "read";
    run.config = tool::config_of(settings);
    if (chosen) run.config.requested_engine = engine::kAuto;
    run.config.read = config_of(read, files.size());
    run.target.path = path;
    if (path.empty()) run.failure = empty_name();
    runs.push_back(std::move(run));
  }
  return runs;
}

// The indexes of the runs that have not failed.
std::vector<std::size_t> not_failed(const std::vector<result::Run>& runs) {
  std::vector<std::size_t> indexes;
  for (std::size_t i = 0; i < runs.size(); ++i) {
    if (!runs[i].failure) indexes.push_back(i);
  }
  return indexes;
}

void prepare_all(const StreamSettings& settings, std::vector<result::Run>& runs) {
  for (result::Run& run : runs) {
    if (run.failure || os::interrupted()) continue;
    prepare(settings, run);
  }
}

// One pass over all files concurrently.
void pass(const StreamSettings& settings, const run::ReadSettings& read, bool measured,
          std::vector<run::BufferPool>& pools, std::vector<result::Run>& runs) {
  prepare_all(settings, runs);
  const std::vector<std::size_t> indexes = not_failed(runs);
  if (os::interrupted() || indexes.empty()) return;
  std::vector<std::string> paths;
  for (const std::size_t index : indexes) paths.push_back(runs[index].target.path);
  ProgressLine line(settings.progress,
                    paths.size() == 1 ? paths[0] : fmt::format("{} files", paths.size()));
  const run::RunSettings now = for_pass(settings.run, measured);
  std::vector<run::RunOutcome> outcomes =
      run::read_files(now, read, paths, std::span(pools).first(paths.size()), main_event(),
                      [&](auto done, auto all) { line.show(done, all); });
  for (std::size_t i = 0; i < indexes.size(); ++i) {
    result::Run& run = runs[indexes[i]];
    run.target.file_bytes = outcomes[i].file_bytes;
    set_failure(run, outcomes[i].failure);
    const bool partial = outcomes[i].interrupted;
    if (outcomes[i].failure || !(measured || partial)) continue;
    note_trace(now, outcomes[i], run);
    run.repetitions.push_back(repetition_of(outcomes[i]));
  }
}

// Measures all files together: one run per file, in the order of `files`. A failure ends the run of
// its file only; an interrupt ends all. Repetitions before it are kept.
std::vector<result::Run> run_reads(const StreamSettings& wanted, const run::ReadSettings& read,
                                   const std::vector<std::string>& files) {
  StreamSettings settings = wanted;
  settings.run = settle(wanted, files.front(), read.pattern == run::Pattern::random);
  std::vector<result::Run> runs = new_runs(settings, read, run::depends_on_file(wanted.run), files);
  std::vector<run::BufferPool> pools(files.size());
  const unsigned passes = settings.warmup + settings.repeat;
  for (unsigned i = 0; i < passes && !os::interrupted(); ++i) {
    log_debug(fmt::format("pass {} of {}", i + 1, passes));
    pass(settings, read, i >= settings.warmup, pools, runs);
  }
  for (result::Run& run : runs) {
    const bool whole = run.repetitions.size() == settings.repeat && !run.repetitions.back().partial;
    run.partial = os::interrupted() && !run.failure && !whole;
    describe_target(run);
  }
  return runs;
}

struct ReadOptions {
  ReadOptions() { stream.hash = "none"; }

  StreamOptions stream;
  std::string pattern = "sequential";
  std::string seed = "1";
  std::optional<std::string> duration;
  std::optional<std::string> bytes;
  std::optional<std::string> rate;
};

void declare_read(Description& description, ReadOptions& options) {
  description.name = "read";
  description.about =
      "Reads files through an I/O mechanism without hashing, and reports throughput and latency. "
      "Several files are read concurrently, each with its own --depth and --threads.";
  const auto add = [&](const char* name, auto& value, const char* help, const std::string& type) {
    description.option(name, value, help, type, "Reading");
  };
  add("--pattern", options.pattern, "order of the blocks; random blocks can repeat",
      names_of(run::patterns(), "|"));
  add("--seed", options.seed, "seed of the random offsets", "N");
  add("--duration", options.duration,
      "stop after this time; without --duration and --bytes, read each file once", "TIME");
  add("--bytes", options.bytes,
      "stop after this many bytes per file; a smaller file is read repeatedly", "SIZE");
  add("--rate", options.rate,
      "requests per second and file; latency is measured from the scheduled start", "N");
  options.stream.add_to(description, StreamOptions::For::reading);
  description.notes = std::string(kUnitsNote) + "\nEngines: " + engine::names();
  description.examples = {
      {"aiobench read --cache cold file.bin", "read the file once, from the disk"},
      {"aiobench read --pattern random -b 4k --cache direct --duration 10s file.bin",
       "random reads that bypass the page cache, as in a database"},
      {"aiobench read --pattern random -b 4KiB --rate 500 --duration 10s file.bin",
       "latency at a fixed request rate"}};
}

Result<double> parse_rate(const std::string& text) {
  constexpr double kMax = 1e9;
  char* end = nullptr;
  const double rate = std::strtod(text.c_str(), &end);
  const bool digits = text.find_first_not_of("0123456789.") == std::string::npos;
  if (!digits || *end != '\0' || !(rate >= 0.001) || rate > kMax) {
    return usage_error("use --rate", fmt::format("'{}' is not a number from 0.001 to 1000000000",
                                                 printable(text)));
  }
  return rate;
}

// The order of the statements is the order in which invalid options are reported.
Result<run::ReadSettings> check_read(const ReadOptions& options) {
  run::ReadSettings read;
  Result<run::Pattern> pattern = run::parse_pattern(options.pattern);
  if (!pattern) return pattern.take_error();
  read.pattern = *pattern;
  Result<std::uint64_t> seed = parse_count(options.seed, 0, UINT64_MAX);
  if (!seed) return usage_error("use --seed", seed.error().cause);
  read.seed = *seed;
  if (options.duration) {
    Result<double> seconds = parse_duration_seconds(*options.duration);
    if (!seconds) return usage_error("use --duration", seconds.error().cause, seconds.error().hint);
    read.duration_seconds = *seconds;
  }
  if (options.bytes) {
    Result<std::uint64_t> bytes = parse_size(*options.bytes);
    if (!bytes) return usage_error("use --bytes", bytes.error().cause, bytes.error().hint);
    if (*bytes == 0) {
      return usage_error("use --bytes", fmt::format("'{}' leaves nothing to read", *options.bytes));
    }
    read.bytes = *bytes;
  }
  if (options.rate) {
    Result<double> rate = parse_rate(*options.rate);
    if (!rate) return rate.take_error();
    read.rate = *rate;
  }
  return read;
}

ExitCode read_all(StreamSettings settings, const run::ReadSettings& read,
                  const ReadOptions& options, const std::vector<std::string>& files) {
  result::Results result = new_result();
  const std::unique_ptr<stats::Trace> trace = new_trace(options.stream);
  settings.run.trace = trace.get();
  ExitCode code = ExitCode::good;
  bool partial = false;
  for (result::Run& run : run_reads(settings, read, files)) {
    add_run(result, std::move(run));
    const result::Run& last = result.runs.back();
    print_run(result, settings);
    if (last.failure) code = worse(code, report_error(*last.failure));
    partial = partial || last.partial;
  }
  if (partial) code = worse(code, report_error(os::interrupted_error(interrupt_note(result))));
  code = write_trace(options.stream, trace.get(), result, code);
  return write_outputs(options.stream, settings.format, result, code);
}

}  // namespace

std::shared_ptr<Description> describe_read() {
  return std::make_shared<Described<ReadOptions>>(declare_read);
}

ExitCode read_command(const Arguments& arguments) {
  Described<ReadOptions> described(declare_read);
  if (const std::optional<ExitCode> code = parse(described, arguments)) return *code;
  const ReadOptions& options = described.options;
  if (options.stream.format == "xxhsum") {
    return report_error(usage_error("use --format xxhsum", "read computes no digest",
                                    "choose one of: text, json, csv"));
  }
  const Result<StreamSettings> settings = check(options.stream);
  if (!settings) return report_error(settings.error());
  const Result<run::ReadSettings> read = check_read(options);
  if (!read) return report_error(read.error());
  apply_verbosity(options.stream.quiet, options.stream.verbose);
  std::vector<std::string> files = options.stream.files;
  Arguments wine_arguments = arguments;
  main_event();
  if (files.empty()) {
    Result<std::string> file = default_file(settings->progress);
    if (!file) return report_error(file.error());
    files.push_back(*file);
    wine_arguments.push_back(*file);
  }
  if (settings->wine) return report_error(run_under_wine("read", wine_arguments));
  if (Status writable = check_outputs(options.stream); !writable)
    return report_error(writable.error());
  return read_all(*settings, *read, options, files);
}

}  // namespace aiobench::tool
