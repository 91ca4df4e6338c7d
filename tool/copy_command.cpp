// aiobench copy: copies files one after the other.

#include <fmt/core.h>

#include <algorithm>
#include <span>
#include <string>

#include "base/units.h"
#include "engine/registry.h"
#include "os/atomic_file.h"
#include "os/console.h"
#include "os/directory.h"
#include "report/checksum_file.h"
#include "run/auto_tune.h"
#include "run/copy.h"
#include "tool/command.h"
#include "tool/measure.h"
#include "tool/options.h"
#include "tool/output.h"

namespace aiobench::tool {

namespace {

// A source file and the name of its copy.
struct CopyPair {
  std::string from;
  std::string to;
};

// The result of one copy. `bad`: --verify found a difference.
struct CopyRun {
  result::Run run;
  bool bad = false;
};

result::CopyFigures figures_of(run::CopyOutcome& outcome, bool verify) {
  result::CopyFigures figures;
  figures.writes = std::move(outcome.run.totals.writes);
  figures.open_seconds = outcome.times.open;
  figures.allocate_seconds = outcome.times.allocate;
  figures.flush_seconds = outcome.times.flush;
  figures.verify_seconds = outcome.times.verify;
  figures.rename_seconds = outcome.times.rename;
  figures.verified = verify && !outcome.run.interrupted && !outcome.differs_at;
  return figures;
}

Error differs(const std::string& to, FileOffset offset) {
  Error error;
  error.operation = "verify";
  error.path = to;
  error.offset = offset;
  error.cause = "the first byte that differs from the source is at this offset";
  error.hint =
      "the copy was deleted, and an older destination was kept; check the disk and the memory";
  return error;
}

// One pass. Returns false if no more passes should follow: after a failure or an interrupt.
bool pass(const Measurement& measurement, bool measured, run::BufferPool& pool, CopyRun& done) {
  result::Run& run = done.run;
  if (!prepare(run)) return false;
  const std::string& from = run.target.path;
  const CopySettings& copy = *run.config.copy;
  ProgressLine line(measurement.progress, from);
  const run::RunContext context = context_of_pass(measurement, measured, std::span(&pool, 1), line);
  run::CopyOutcome outcome = run::copy_file(run.config, from, context);
  run.target.file_bytes = outcome.run.file_bytes;
  done.bad = outcome.differs_at.has_value();
  set_failure(run, done.bad ? differs(copy.destination, *outcome.differs_at) : outcome.run.failure);
  if (outcome.run.failure) return false;
  note_trace(context.trace, outcome.run, run);
  const bool partial = outcome.run.interrupted;
  if (copy.verify && !partial && !outcome.verified_past_cache) {
    result::add_warning(
        run.warnings,
        {result::WarningCode::verified_in_cache,
         "the copy may have been read back from the page cache",
         "copy to a disk; a file system in memory, such as tmpfs, keeps all data in the cache"});
  }
  if (measured || partial || done.bad) {
    result::Repetition figures = repetition_of(outcome.run);
    figures.copy = figures_of(outcome, copy.verify);
    run.repetitions.push_back(std::move(figures));
  }
  run.partial = partial;
  return !partial && !done.bad && !os::interrupted();
}

// Copies one file. check_pair() has checked the destination: it may be created or replaced.
CopyRun copy_one(const Measurement& measurement, const CopyPair& pair, run::BufferPool& pool) {
  Settings wanted = measurement.settings;
  wanted.copy->destination = pair.to;
  CopyRun done;
  result::Run& run = done.run;
  run.job = "copy";
  run.config = run::choose_missing(wanted, pair.from);
  run.target.path = pair.from;
  for (unsigned i = 0; i < measurement.passes(); ++i) {
    if (!pass(measurement, measurement.measures(i), pool, done)) break;
  }
  describe_target(run);
  const bool complete = run.repetitions.size() == measurement.repeat;
  run.partial = run.partial || (os::interrupted() && !run.failure && !complete);
  return done;
}

struct CopyOptions {
  CopyOptions() { stream.measurement.settings.copy.emplace(); }

  CopySettings& copy() { return *stream.measurement.settings.copy; }

  StreamOptions stream;
  std::string manifest;
  bool force = false;
  bool sync = false;  // the default
  bool no_sync = false;
  bool no_sparse = false;
};

void declare_copy(Description& description, CopyOptions& options) {
  description.name = "copy";
  description.about =
      "Copies files through an I/O mechanism, hashes the data, and reports throughput and latency. "
      "A copy is written under a temporary name and renamed when complete, so a failure or an "
      "interrupt leaves no partial file.";
  const char* const kCopy = "Copying";
  description.flag("--force", options.force, "replace existing files", kCopy);
  description.flag("--verify", options.copy().verify,
                   "read the copy back, bypassing the page cache, and compare digests", kCopy);
  description.option("--manifest", options.manifest,
                     "write checksums of the copies to FILE, for xxhsum -c", kFileType, kCopy);
  description
      .option("--write-cache",
              name_reader(options.copy().write_cache, kWriteCaches, "--write-cache", "choice"),
              "how to write the copy; direct bypasses the page cache", names_of(kWriteCaches, "|"),
              kCopy)
      .default_text("auto");
  description.flag("--sync", options.sync, "flush the copy to the disk (the default)", kCopy);
  description.flag("--no-sync", options.no_sync, "do not flush the copy to the disk", kCopy)
      .excludes("--sync");
  description.flag("--no-sparse", options.no_sparse, "write the holes of a sparse source as zeros",
                   kCopy);
  options.stream.add_to(description, StreamOptions::For::copying);
  description.more_engines = {kSystemCopy};
  description.notes = std::string(kUnitsNote) + "\nEngines: " + engine::names() +
                      "; and os, the copy function of the system (copy_file_range, CopyFileExW), "
                      "as a baseline";
  description.examples = {
      {"aiobench copy --verify file.bin copy.bin", "copy, then read the copy back and compare"},
      {"aiobench copy --manifest SUMS --force *.bin backup/",
       "copy several files into a directory; write their checksums to SUMS"},
      {"aiobench copy --engine os --force file.bin copy.bin",
       "measure the copy function of the system"}};
}

// Refuses combinations of options that contradict each other.
Status check_copy(const CopyOptions& options) {
  const Settings& settings = options.stream.measurement.settings;
  const bool by_system = settings.copies_by_system();
  const bool verify = settings.copy->verify;
  if (settings.engine == "null") {
    return usage_error("use engine 'null' to copy", "it moves no data", "choose another engine");
  }
  if (options.stream.files.size() < 2) {
    return usage_error("", "a copy needs a source and a destination", "see aiobench copy --help");
  }
  const bool no_digest = settings.hash == HashAlgorithm::none;
  if (by_system && !options.manifest.empty() && !verify) {
    return usage_error("use --manifest with engine 'os'",
                       "the system's copy function computes no digest",
                       "add --verify, which computes one");
  }
  if (by_system && !options.stream.outputs.trace_file.empty()) {
    return usage_error("use --trace with engine 'os'",
                       "the requests of the system's copy function are not visible",
                       "choose another engine");
  }
  if (no_digest && verify) {
    return usage_error("use --verify with --hash none", "there is no digest to compare",
                       "choose a hash");
  }
  if (no_digest && !options.manifest.empty()) {
    return usage_error("use --manifest with --hash none", "there is no digest to write",
                       "choose a hash");
  }
  return {};
}

Error refused(const std::string& path, std::string cause, std::string hint) {
  Error error = usage_error("copy", std::move(cause), std::move(hint));
  error.path = path;
  return error;
}

Status check_pair(const CopyPair& pair, bool force) {
  using os::PathKind;
  const PathKind from = os::kind_of(pair.from);
  if (from == PathKind::other) {
    return refused(pair.from, "not a regular file", "choose a regular file");
  }
  const PathKind to = os::kind_of(pair.to);
  if (to == PathKind::missing) return {};
  if (os::same_file(pair.from, pair.to)) {
    return refused(pair.from, fmt::format("'{}' is the same file", printable(pair.to)),
                   "choose another destination");
  }
  if (to == PathKind::other) {
    return refused(pair.to, "not a regular file", "choose another destination");
  }
  if (to == PathKind::directory) {
    return refused(pair.to, "it is a directory", "choose another destination");
  }
  if (!force) return refused(pair.to, "it already exists", "use --force to replace it");
  return {};
}

Result<std::vector<CopyPair>> pairs_of(const std::vector<std::string>& names, bool force) {
  const std::string& destination = names.back();
  const bool into_directory = os::kind_of(destination) == os::PathKind::directory;
  if (names.size() > 2 && !into_directory) {
    return refused(destination, "several files can only be copied into an existing directory",
                   "create the directory first");
  }
  std::vector<CopyPair> pairs;
  if (std::find(names.begin(), names.end(), std::string()) != names.end()) return empty_name();
  for (std::size_t i = 0; i + 1 < names.size(); ++i) {
    CopyPair pair{names[i], destination};
    if (into_directory) pair.to = os::join_path(destination, os::file_name(names[i]));
    const bool twice = std::any_of(pairs.begin(), pairs.end(),
                                   [&](const CopyPair& other) { return other.to == pair.to; });
    if (twice)
      return refused(pair.from, fmt::format("another source is copied to '{}'", printable(pair.to)),
                     "copy them into different directories");
    if (Status fits = check_pair(pair, force); !fits) return fits.take_error();
    pairs.push_back(std::move(pair));
  }
  return pairs;
}

// What an interrupt left undone. With several passes, an earlier one may have copied the file.
std::string unfinished(const Measurement& measurement, const CopyPair& pair) {
  const std::string from = printable(pair.from);
  return measurement.passes() == 1 ? fmt::format("'{}' was not copied", from)
                                   : fmt::format("the last pass over '{}' was not completed", from);
}

ExitCode copy_all(CopyOptions& options, const std::vector<CopyPair>& pairs) {
  Measurement& measurement = options.stream.measurement;
  const Outputs& outputs = options.stream.outputs;
  result::Results result = new_result();
  const std::unique_ptr<stats::Trace> trace = new_trace(outputs.trace_file);
  measurement.trace = trace.get();
  ExitCode code = ExitCode::good;
  run::BufferPool pool;
  std::string manifest;
  for (const CopyPair& pair : pairs) {
    CopyRun done = copy_one(measurement, pair, pool);
    add_run(result, std::move(done.run));
    const result::Run& run = result.runs.back();
    print_run(result, outputs);
    if (run.failure) {
      const ExitCode failed = report_error(*run.failure);
      code = worse(code, done.bad ? ExitCode::bad : failed);
    } else if (!run.partial) {
      const std::string& digest = run.repetitions[0].digest;
      if (!digest.empty()) {
        manifest +=
            report::checksum_line(name(run.config.hash), digest, pair.to, outputs.checksum_form);
      }
    }
    if (!os::interrupted()) continue;
    if (run.partial || result.runs.size() < pairs.size()) {
      code = worse(code,
                   report_error(os::interrupted_error(run.partial ? unfinished(measurement, pair)
                                                                  : "not all files were copied")));
    }
    break;
  }
  if (!options.manifest.empty()) {
    if (Status put = os::write_file(options.manifest, manifest); !put) {
      code = worse(code, report_error(put.error()));
    }
  }
  code = write_trace(outputs, trace.get(), result, code);
  return write_outputs(outputs, result, code);
}

}  // namespace

std::shared_ptr<Description> describe_copy() {
  return std::make_shared<Described<CopyOptions>>(declare_copy);
}

ExitCode copy_command(const Arguments& arguments) {
  Described<CopyOptions> described(declare_copy);
  if (const std::optional<ExitCode> code = parse(described, arguments)) return *code;
  CopyOptions& options = described.options;
  StreamOptions& stream = options.stream;
  stream.checksums_in_file = !options.manifest.empty();
  options.copy().flush = !options.no_sync;
  options.copy().sparse = !options.no_sparse;
  if (Status fits = stream.check(); !fits) return report_error(fits.error());
  if (Status fits = check_copy(options); !fits) return report_error(fits.error());
  stream.terminal.apply_verbosity();
  main_event();
  if (stream.wine) return report_error(run_under_wine("copy", arguments));
  const Result<std::vector<CopyPair>> pairs = pairs_of(stream.files, options.force);
  if (!pairs) return report_error(pairs.error());
  if (Status writable = stream.outputs.check(stream.files); !writable)
    return report_error(writable.error());
  return copy_all(options, *pairs);
}

}  // namespace aiobench::tool
