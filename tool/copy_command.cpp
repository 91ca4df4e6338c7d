// aiobench copy: copies files one after the other.

#include <fmt/core.h>

#include <algorithm>
#include <string>

#include "base/units.h"
#include "os/atomic_file.h"
#include "os/directory.h"
#include "report/checksum_file.h"
#include "run/auto_tune.h"
#include "run/copy.h"
#include "tool/command.h"
#include "tool/output.h"
#include "tool/session.h"

namespace aiobench::tool {

namespace {

// The engine name of the system's copy function.
constexpr const char* kSystemCopy = "os";

// How the destination is written (--write-cache). `automatic` is resolved for each file.
enum class WriteCache { automatic, buffered, direct };

struct CopyPolicy {
  WriteCache write_cache = WriteCache::automatic;
  bool sparse = true;
  bool flush = true;
  bool verify = false;
  bool by_system = false;  // the engine "os"
};

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

// The engine that writes: `reader` itself, or the default writer if `reader` only maps files.
engine::EngineSpec writer_for(const engine::EngineSpec& reader) {
  if (!reader.mechanism->maps_files) return reader;
  return {*engine::find_mechanism(run::usual_writer()), {}};
}

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
  error.cause = "the copy differs from the source from this offset on";
  error.hint = "the destination is unchanged; check the disk and the memory";
  return error;
}

// With --write-cache auto, direct writes are used only with a flush: without one, writing to the
// page cache is faster.
bool writes_direct(const CopyPolicy& policy, const CopyPair& pair, std::uint32_t block_bytes) {
  if (policy.by_system) return false;
  if (policy.write_cache != WriteCache::automatic) return policy.write_cache == WriteCache::direct;
  return policy.flush && run::direct_pays(pair.from, pair.to, block_bytes);
}

run::CopySettings settings_of(const CopyPolicy& policy, const engine::EngineSpec& reader,
                              bool direct) {
  run::CopySettings copy;
  copy.writer = writer_for(reader);
  copy.write_direct = direct;
  copy.sparse = policy.sparse;
  copy.flush = policy.flush;
  copy.verify = policy.verify;
  copy.by_system = policy.by_system;
  return copy;
}

result::CopyConfig config_of(const run::CopySettings& copy, const std::string& to) {
  result::CopyConfig config;
  config.destination = to;
  config.write_cache = copy.write_direct ? "direct" : "buffered";
  config.writer = copy.by_system ? kSystemCopy : copy.writer.text();
  config.sparse = copy.sparse;
  config.flush = copy.flush;
  config.verify = copy.verify;
  return config;
}

// One pass. Returns false if no more passes should follow: after a failure or an interrupt.
bool pass(const StreamSettings& settings, const run::CopySettings& copy, const CopyPair& pair,
          run::BufferPool& pool, bool measured, CopyRun& done) {
  result::Run& run = done.run;
  if (!prepare(settings, run)) return false;
  ProgressLine line(settings.progress, pair.from);
  const run::RunSettings now = for_pass(settings.run, measured);
  run::CopyOutcome outcome =
      run::copy_file(now, copy, pair.from, pair.to, pool, main_event(),
                     [&](std::uint64_t at, std::uint64_t all) { line.show(at, all); });
  run.target.file_bytes = outcome.run.file_bytes;
  done.bad = outcome.differs_at.has_value();
  set_failure(run, done.bad ? differs(pair.to, *outcome.differs_at) : outcome.run.failure);
  if (outcome.run.failure) return false;
  note_trace(now, outcome.run, run);
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
CopyRun copy_one(const StreamSettings& wanted, const CopyPolicy& policy, const CopyPair& pair,
                 run::BufferPool& pool) {
  StreamSettings settings = wanted;
  const bool direct = writes_direct(policy, pair, wanted.run.block_bytes);
  settings.run =
      settle(wanted, pair.from, false, direct ? run::Writes::direct : run::Writes::buffered);
  const run::CopySettings copy = settings_of(policy, settings.run.engine, direct);
  CopyRun done;
  result::Run& run = done.run;
  run.job = "copy";
  run.config = config_of(settings);
  run.config.copy = config_of(copy, pair.to);
  if (policy.by_system) {
    run.config.engine = kSystemCopy;
    run.config.depth = run.config.threads = 1;  // sequential calls in one thread
  }
  if (run::depends_on_file(wanted.run)) run.config.requested_engine = engine::kAuto;
  run.target.path = pair.from;
  for (unsigned i = 0; i < settings.warmup + settings.repeat; ++i) {
    if (!pass(settings, copy, pair, pool, i >= settings.warmup, done)) break;
  }
  describe_target(run);
  const bool complete = run.repetitions.size() == settings.repeat;
  run.partial = run.partial || (os::interrupted() && !run.failure && !complete);
  return done;
}

constexpr Named<WriteCache> kWriteCaches[] = {{WriteCache::automatic, "auto"},
                                              {WriteCache::buffered, "buffered"},
                                              {WriteCache::direct, "direct"}};

struct CopyOptions {
  StreamOptions stream;
  std::string write_cache = "auto";
  std::string manifest;
  bool force = false;
  bool verify = false;
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
  description.flag("--verify", options.verify,
                   "read the copy back, bypassing the page cache, and compare digests", kCopy);
  description.option("--manifest", options.manifest,
                     "write checksums of the copies to FILE, for xxhsum -c", kFileType, kCopy);
  description.option("--write-cache", options.write_cache,
                     "how to write the copy; direct bypasses the page cache",
                     names_of(kWriteCaches, "|"), kCopy);
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
Status check_copy(const CopyOptions& options, const StreamSettings& settings, bool by_system) {
  const std::string name = settings.run.engine.mechanism->name;
  if (name == "null") {
    return usage_error("use engine 'null' to copy", "it moves no data", "choose another engine");
  }
  if (options.stream.files.size() < 2) {
    return usage_error("", "a copy needs a source and a destination", "see aiobench copy --help");
  }
  const bool no_digest = settings.run.hash == hash::Algorithm::none;
  if (by_system && !options.manifest.empty() && !options.verify) {
    return usage_error("use --manifest with engine 'os'",
                       "the system's copy function computes no digest",
                       "add --verify, which computes one");
  }
  if (by_system && !options.stream.trace_file.empty()) {
    return usage_error("use --trace with engine 'os'",
                       "the requests of the system's copy function are not visible",
                       "choose another engine");
  }
  if (no_digest && options.verify) {
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

ExitCode copy_all(StreamSettings settings, const CopyPolicy& policy, const CopyOptions& options,
                  const std::vector<CopyPair>& pairs) {
  result::Results result = new_result();
  const std::unique_ptr<stats::Trace> trace = new_trace(options.stream);
  settings.run.trace = trace.get();
  ExitCode code = ExitCode::good;
  run::BufferPool pool;
  std::string manifest;
  for (const CopyPair& pair : pairs) {
    CopyRun done = copy_one(settings, policy, pair, pool);
    add_run(result, std::move(done.run));
    const result::Run& run = result.runs.back();
    print_run(result, settings);
    if (run.failure) {
      const ExitCode failed = report_error(*run.failure);
      code = worse(code, done.bad ? ExitCode::bad : failed);
    } else if (!run.partial) {
      const std::string& digest = run.repetitions[0].digest;
      if (!digest.empty()) {
        manifest += report::checksum_line(run.config.hash, digest, pair.to, settings.checksum_form);
      }
    }
    if (!os::interrupted()) continue;
    if (run.partial || result.runs.size() < pairs.size()) {
      code = worse(code, report_error(os::interrupted_error(
                             run.partial ? fmt::format("'{}' was not copied", printable(pair.from))
                                         : "not all files were copied")));
    }
    break;
  }
  if (!options.manifest.empty()) {
    if (Status put = os::write_file(options.manifest, manifest); !put) {
      code = worse(code, report_error(put.error()));
    }
  }
  code = write_trace(options.stream, trace.get(), result, code);
  return write_outputs(options.stream, settings.format, result, code);
}

}  // namespace

std::shared_ptr<Description> describe_copy() {
  return std::make_shared<Described<CopyOptions>>(declare_copy);
}

ExitCode copy_command(const Arguments& arguments) {
  Described<CopyOptions> described(declare_copy);
  if (const std::optional<ExitCode> code = parse(described, arguments)) return *code;
  CopyOptions& options = described.options;
  const bool by_system = options.stream.engine == kSystemCopy;
  if (by_system) options.stream.engine = "sync";
  options.stream.checksums_in_file = !options.manifest.empty();
  const Result<StreamSettings> settings = check(options.stream);
  if (!settings) return report_error(settings.error());
  const Result<WriteCache> write_cache =
      parse_named(kWriteCaches, "--write-cache", "choice", options.write_cache);
  if (!write_cache) return report_error(write_cache.error());
  if (Status fits = check_copy(options, *settings, by_system); !fits)
    return report_error(fits.error());
  apply_verbosity(options.stream.quiet, options.stream.verbose);
  main_event();
  if (settings->wine) return report_error(run_under_wine("copy", arguments));
  const Result<std::vector<CopyPair>> pairs = pairs_of(options.stream.files, options.force);
  if (!pairs) return report_error(pairs.error());
  if (Status writable = check_outputs(options.stream); !writable)
    return report_error(writable.error());
  const CopyPolicy policy{.write_cache = *write_cache,
                          .sparse = !options.no_sparse,
                          .flush = !options.no_sync,
                          .verify = options.verify,
                          .by_system = by_system};
  return copy_all(*settings, policy, options, *pairs);
}

}  // namespace aiobench::tool
