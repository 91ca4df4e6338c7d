#include "tool/session.h"

#include <fmt/core.h>

#include <algorithm>
#include <iterator>
#include <utility>

#include "base/log.h"
#include "base/units.h"
#include "os/atomic_file.h"
#include "os/directory.h"
#include "os/wine.h"
#include "report/checksum_file.h"
#include "report/text.h"
#include "report/trace_json.h"
#include "result/diagnostics.h"
#include "result/json_reader.h"
#include "result/json_writer.h"
#include "run/auto_tune.h"
#include "run/run.h"
#include "tool/command.h"
#include "tool/output.h"

namespace aiobench::tool {
namespace {

// Splits the threads' time between the start of the first lane and the end of the last one. Threads
// that run outside the scheduler (an engine with its own threads has them only during a callback)
// count as waiting for the rest of the time. A thread may sleep a moment longer than the last lane.
void split_time(const stats::Recorder& totals, result::Repetition& r) {
  const double all = r.wall_seconds * r.threads;
  const double submitting = os::ticks_to_seconds(totals.submit_ticks);
  const double hashing = os::ticks_to_seconds(totals.hashing_ticks);
  const double worker = os::ticks_to_seconds(totals.worker_ticks);
  const double waiting = os::ticks_to_seconds(totals.waiting_ticks) + std::max(0.0, all - worker);
  // For small blocks the hashing time is an estimate, which can be too large in a short run.
  const double scale = submitting + hashing > all ? all / (submitting + hashing) : 1.0;
  r.submitting_seconds = submitting * scale;
  r.hashing_seconds = hashing * scale;
  r.waiting_seconds =
      std::clamp(waiting, 0.0, std::max(0.0, all - r.submitting_seconds - r.hashing_seconds));
  r.rest_seconds =
      std::max(0.0, all - r.submitting_seconds - r.hashing_seconds - r.waiting_seconds);
}

// One pass. Returns false if no more passes should follow: after a failure or an interrupt.
bool pass(const StreamSettings& settings, const std::string& path, run::BufferPool& pool,
          bool measured, result::Run& run) {
  if (!prepare(settings, run)) return false;
  ProgressLine line(settings.progress, path);
  const run::RunSettings now = for_pass(settings.run, measured);
  run::RunOutcome outcome =
      run::hash_file(now, path, pool, main_event(),
                     [&](std::uint64_t done, std::uint64_t all) { line.show(done, all); });
  run.target.file_bytes = outcome.file_bytes;
  set_failure(run, outcome.failure);
  if (outcome.failure) return false;
  note_trace(now, outcome, run);
  const bool partial = outcome.interrupted;
  if (measured || partial) run.repetitions.push_back(repetition_of(outcome));
  return !partial && !os::interrupted();
}

bool is_complete(const result::Run& run, const StreamSettings& settings) {
  return run.failure ||
         (run.repetitions.size() == settings.repeat && !run.repetitions.back().partial);
}

// All passes must give the same digest; otherwise they did not read the same bytes.
void check_digests(result::Run& run) {
  const std::string& first = run.repetitions.empty() ? std::string() : run.repetitions[0].digest;
  for (const result::Repetition& r : run.repetitions) {
    if (r.partial || r.digest == first || run.failure) continue;
    Error error;
    error.operation = "hash";
    error.path = run.target.path;
    error.cause = fmt::format("two passes gave different digests, {} and {}", first, r.digest);
    error.hint =
        "check whether a process writes to the file: it changed between the passes, or the memory "
        "or "
        "the disk is faulty";
    run.failure = error;
  }
}

}  // namespace

result::Repetition repetition_of(run::RunOutcome& outcome) {
  result::Repetition r;
  r.digest = outcome.digest;
  r.partial = outcome.interrupted;
  r.lanes = outcome.lanes;
  r.threads = outcome.threads;
  r.bytes = outcome.done_bytes;
  r.requests = outcome.totals.reads.requests;
  r.inline_completions = outcome.totals.reads.inline_completions;
  r.started_unix_ns = outcome.started_unix_ns;
  r.wall_seconds = outcome.wall_seconds;
  r.user_seconds = outcome.cpu.user_seconds;
  r.system_seconds = outcome.cpu.system_seconds;
  r.other_cpu_share = outcome.other_cpu_share;
  r.latency_ns = std::move(outcome.totals.reads.latency_ns);
  const stats::Timeline& writes = outcome.totals.writes.timeline;
  r.intervals = result::intervals_of(
      writes.slices().empty() ? outcome.totals.reads.timeline : writes, r.wall_seconds);
  split_time(outcome.totals, r);
  return r;
}

void set_failure(result::Run& run, std::optional<Error> failure) {
  if (failure && failure->kind == Error::Kind::interrupted) failure.reset();
  run.failure = std::move(failure);
}

Error empty_name() {
  Error error;
  error.operation = "open ''";
  error.cause = "the name is empty";
  error.hint = "check the quotes and variables of the command line";
  return error;
}

result::Config config_of(const StreamSettings& settings) {
  result::Config config;
  config.engine = settings.run.engine.mechanism->name;
  config.engine_options = settings.run.engine.options.text();
  config.depth = settings.run.depth;
  config.threads = settings.run.threads;
  config.block_bytes = settings.run.block_bytes;
  config.hash = hash::name(settings.run.hash);
  config.cache = name(settings.cache);
  config.interval_seconds = settings.run.interval_seconds;
  config.latency_of = settings.run.engine.mechanism->latency_of;
  return config;
}

result::Results new_result() {
  result::Results result;
  result.tool = tool_info();
  result.host = os::host_info();
  result.clock = os::clock_name();
  result.hash_instructions = hash::vector_instructions();
  return result;
}

void add_run(result::Results& result, result::Run run) {
  for (result::Warning& warning : result::diagnose(run, result.host, result.tool)) {
    result::add_warning(run.warnings, std::move(warning));
  }
  result.runs.push_back(std::move(run));
}

run::RunSettings settle(const StreamSettings& settings, const std::string& path, bool random,
                        run::Writes writes) {
  run::Conditions conditions = run::conditions_of(path, settings.run, random);
  conditions.writes = writes;
  if (settings.cache == CacheState::warm) conditions.cached = true;
  if (settings.cache == CacheState::cold) conditions.cached = false;
  return run::settle(settings.run, conditions);
}

bool prepare(const StreamSettings& settings, result::Run& run) {
  result::Target& target = run.target;
  if (!target.hole_share) target.hole_share = run::hole_share(target.path);
  Status ready = prepare_cache(target.path, settings.cache, run.warnings);
  if (!ready) set_failure(run, ready.take_error());
  if (!target.cached_share_before) {
    target.cached_share_before = run::cached_share(target.path);
  }
  return !run.failure;
}

void describe_target(result::Run& run) {
  if (run.target.path.empty()) return;
  run.target.storage = os::storage_info(run.target.path);
  run.target.cached_share_after = run::cached_share(run.target.path);
}

result::Run run_file(const StreamSettings& wanted, const std::string& path, run::BufferPool& pool) {
  StreamSettings settings = wanted;
  settings.run = settle(wanted, path, false);
  result::Run run;
  run.job = "hash";
  run.config = config_of(settings);
  if (run::depends_on_file(wanted.run)) run.config.requested_engine = engine::kAuto;
  run.target.path = path;
  if (path.empty()) {
    run.failure = empty_name();
    return run;
  }
  for (unsigned i = 0; i < settings.warmup + settings.repeat; ++i) {
    log_debug(fmt::format("{}: pass {} of {}", path, i + 1, settings.warmup + settings.repeat));
    if (pass(settings, path, pool, i >= settings.warmup, run)) continue;
    run.partial = os::interrupted() && !is_complete(run, settings);
    break;
  }
  describe_target(run);
  check_digests(run);
  return run;
}

os::WakeEvent& main_event() {
  // Never destroyed, because a signal can arrive until the process ends.
  static os::WakeEvent& event = []() -> os::WakeEvent& {
    auto* const made = new os::WakeEvent;
    os::watch_interrupts(*made);
    return *made;
  }();
  return event;
}

Error run_under_wine(const char* command, Arguments arguments) {
  Result<os::WindowsBuild> build = os::find_windows_build();
  if (!build) return build.take_error();
  log_debug("running " + build->program + " under Wine " + build->wine_version);
  arguments.insert(arguments.begin(), command);
  return os::become_windows_build(*build, arguments);
}

std::unique_ptr<stats::Trace> new_trace(const StreamOptions& options) {
  if (options.trace_file.empty()) return nullptr;
  auto trace = std::make_unique<stats::Trace>();
  trace->event_cost_ns = run::trace_event_cost_ns(main_event());
  return trace;
}

run::RunSettings for_pass(const run::RunSettings& settings, bool measured) {
  run::RunSettings pass = settings;
  if (!measured) pass.trace = nullptr;
  return pass;
}

void note_trace(const run::RunSettings& settings, const run::RunOutcome& outcome,
                result::Run& run) {
  if (settings.trace == nullptr) return;
  const double each_ns = settings.trace->event_cost_ns;
  const double cost_ns = each_ns * static_cast<double>(outcome.traced_events);
  const double all_ns = outcome.wall_seconds * 1e9 * outcome.threads;
  result::add_warning(
      run.warnings,
      {result::WarningCode::traced,
       fmt::format(
           "the figures include the cost of tracing: {} events at about {} each, {:.1f} % of "
           "the threads' time",
           format_count(outcome.traced_events), format_duration_ns(each_ns),
           all_ns > 0 ? cost_ns / all_ns * 100 : 0.0),
       "leave out --trace for measurements"});
}

ExitCode write_trace(const StreamOptions& options, const stats::Trace* trace,
                     const result::Origin& origin, ExitCode code) {
  if (trace == nullptr) return code;
  const std::string& path = options.trace_file;
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
                         "both name '" + outputs[i].second + "'",
                         "choose another name for one of them");
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
        fmt::format("{}: {} ({})", printable(run.target.path), warning.message, warning.advice));
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
