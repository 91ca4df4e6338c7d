// aiobench read: reads several files concurrently without hashing.

#include <fmt/core.h>

#include <cstdlib>
#include <optional>
#include <span>
#include <string>
#include <utility>
#include <vector>

#include "base/log.h"
#include "base/units.h"
#include "engine/registry.h"
#include "os/console.h"
#include "result/model.h"
#include "run/auto_tune.h"
#include "run/read.h"
#include "tool/command.h"
#include "tool/create_command.h"
#include "tool/measure.h"
#include "tool/options.h"
#include "tool/output.h"

namespace aiobench::tool {

namespace {

std::vector<result::Run> new_runs(const Settings& settings, const std::vector<std::string>& files) {
  std::vector<result::Run> runs;
  for (const std::string& path : files) {
    result::Run run;
    run.job = "read";
    run.config = settings;
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

void prepare_all(std::vector<result::Run>& runs) {
  for (result::Run& run : runs) {
    if (run.failure || os::interrupted()) continue;
    prepare(run);
  }
}

// One pass over all files concurrently.
void pass(const Measurement& measurement, bool measured, std::span<run::BufferPool> pools,
          std::vector<result::Run>& runs) {
  prepare_all(runs);
  const std::vector<std::size_t> indexes = not_failed(runs);
  if (os::interrupted() || indexes.empty()) return;
  std::vector<std::string> paths;
  for (const std::size_t index : indexes) paths.push_back(runs[index].target.path);
  ProgressLine line(measurement.progress,
                    paths.size() == 1 ? paths[0] : fmt::format("{} files", paths.size()));
  const run::RunContext context = context_of_pass(measurement, measured, pools, line);
  std::vector<run::RunOutcome> outcomes =
      run::read_files(runs[indexes.front()].config, paths, context);
  for (std::size_t i = 0; i < indexes.size(); ++i) {
    result::Run& run = runs[indexes[i]];
    run.target.file_bytes = outcomes[i].file_bytes;
    set_failure(run, outcomes[i].failure);
    const bool partial = outcomes[i].interrupted;
    if (outcomes[i].failure || !(measured || partial)) continue;
    note_trace(context.trace, outcomes[i], run);
    run.repetitions.push_back(repetition_of(outcomes[i]));
  }
}

// Measures all files together: one run per file, in the order of `files`. A failure ends the run of
// its file only; an interrupt ends all. Repetitions before it are kept.
std::vector<result::Run> run_reads(const Measurement& measurement,
                                   const std::vector<std::string>& files) {
  Settings wanted = measurement.settings;
  wanted.read->files_at_once = static_cast<unsigned>(files.size());
  std::vector<result::Run> runs = new_runs(run::choose_missing(wanted, files.front()), files);
  std::vector<run::BufferPool> pools(files.size());
  for (unsigned i = 0; i < measurement.passes() && !os::interrupted(); ++i) {
    log_debug(fmt::format("pass {} of {}", i + 1, measurement.passes()));
    pass(measurement, measurement.measures(i), pools, runs);
  }
  for (result::Run& run : runs) {
    const bool whole =
        run.repetitions.size() == measurement.repeat && !run.repetitions.back().partial;
    run.partial = os::interrupted() && !run.failure && !whole;
    describe_target(run);
  }
  return runs;
}

struct ReadOptions {
  ReadOptions() {
    stream.measurement.settings.hash = HashAlgorithm::none;
    stream.measurement.settings.read.emplace();
  }

  StreamOptions stream;
};

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

Result<std::uint64_t> parse_limit(const std::string& text) {
  Result<std::uint64_t> bytes = parse_size(text);
  if (!bytes) return usage_error("use --bytes", bytes.error().cause, bytes.error().hint);
  if (*bytes == 0) {
    return usage_error("use --bytes", fmt::format("'{}' leaves nothing to read", text));
  }
  return bytes;
}

void declare_read(Description& description, ReadOptions& options) {
  description.name = "read";
  description.about =
      "Reads files through an I/O mechanism without hashing, and reports throughput and latency. "
      "Several files are read concurrently, each with its own --depth and --threads.";
  const auto add = [&](const char* name, ReadValue read, const char* default_value,
                       const char* help, const std::string& type) {
    description.option(name, std::move(read), help, type, "Reading").default_text(default_value);
  };
  ReadSettings& read = *options.stream.measurement.settings.read;
  add("--pattern", name_reader(read.pattern, kPatterns, "--pattern", "pattern"), "sequential",
      "order of the blocks; random blocks can repeat", names_of(kPatterns, "|"));
  add("--seed", count_reader(read.seed, "--seed", 0, UINT64_MAX), "1", "seed of the random offsets",
      "N");
  add("--duration", seconds_reader(read.duration_seconds, "--duration"), "",
      "stop after this time; without --duration and --bytes, read each file once", "TIME");
  add("--bytes", reader(read.limit_bytes, parse_limit), "",
      "stop after this many bytes per file; a smaller file is read repeatedly", "SIZE");
  add("--rate", reader(read.rate_per_second, parse_rate), "",
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

ExitCode read_all(StreamOptions& options) {
  const Outputs& outputs = options.outputs;
  result::Results result = new_result();
  const std::unique_ptr<stats::Trace> trace = new_trace(outputs.trace_file);
  options.measurement.trace = trace.get();
  ExitCode code = ExitCode::good;
  bool partial = false;
  for (result::Run& run : run_reads(options.measurement, options.files)) {
    add_run(result, std::move(run));
    const result::Run& last = result.runs.back();
    print_run(result, outputs);
    if (last.failure) code = worse(code, report_error(*last.failure));
    partial = partial || last.partial;
  }
  if (partial) code = worse(code, report_error(os::interrupted_error(interrupt_note(result))));
  code = write_trace(outputs, trace.get(), result, code);
  return write_outputs(outputs, result, code);
}

}  // namespace

std::shared_ptr<Description> describe_read() {
  return std::make_shared<Described<ReadOptions>>(declare_read);
}

ExitCode read_command(const Arguments& arguments) {
  Described<ReadOptions> described(declare_read);
  if (const std::optional<ExitCode> code = parse(described, arguments)) return *code;
  StreamOptions& stream = described.options.stream;
  if (stream.outputs.format == Format::xxhsum) {
    return report_error(usage_error("use --format xxhsum", "read computes no digest",
                                    "choose one of: text, json, csv"));
  }
  if (Status fits = stream.check(); !fits) return report_error(fits.error());
  stream.terminal.apply_verbosity();
  Arguments wine_arguments = arguments;
  main_event();
  if (stream.files.empty()) {
    Result<std::string> file = default_file(stream.measurement.progress);
    if (!file) return report_error(file.error());
    stream.files.push_back(*file);
    wine_arguments.push_back(*file);
  }
  if (stream.wine) return report_error(run_under_wine("read", wine_arguments));
  if (Status writable = stream.outputs.check(stream.files); !writable)
    return report_error(writable.error());
  return read_all(stream);
}

}  // namespace aiobench::tool
