#include "tool/measure.h"

#include <fmt/core.h>

#include <algorithm>
#include <span>
#include <utility>

#include "base/log.h"
#include "base/units.h"
#include "os/file.h"
#include "os/host.h"
#include "os/memory.h"
#include "os/wine.h"
#include "result/diagnostics.h"
#include "run/auto_tune.h"
#include "run/hash.h"
#include "tool/output.h"
#include "tool/terminal.h"

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
bool pass(const Measurement& measurement, bool measured, run::BufferPool& pool, result::Run& run) {
  if (!prepare(run)) return false;
  const std::string& path = run.target.path;
  ProgressLine line(measurement.progress, path);
  const run::RunContext context = context_of_pass(measurement, measured, std::span(&pool, 1), line);
  run::RunOutcome outcome = run::hash_file(run.config, path, context);
  run.target.file_bytes = outcome.file_bytes;
  set_failure(run, outcome.failure);
  if (outcome.failure) return false;
  note_trace(context.trace, outcome, run);
  const bool partial = outcome.interrupted;
  if (measured || partial) run.repetitions.push_back(repetition_of(outcome));
  return !partial && !os::interrupted();
}

bool is_complete(const result::Run& run, unsigned repeat) {
  return run.failure || (run.repetitions.size() == repeat && !run.repetitions.back().partial);
}

// All passes must give the same digest; otherwise they did not read the same bytes.
void check_digests(result::Run& run) {
  const std::string& first = run.repetitions.empty() ? std::string() : run.repetitions[0].digest;
  for (const result::Repetition& r : run.repetitions) {
    if (r.partial || r.digest == first || run.failure) continue;
    Error error;
    error.operation = "hash";
    error.path = run.target.path;
    error.cause = fmt::format(
        "two passes gave different digests ({} and {}): the file changed between them, or memory "
        "or disk is faulty",
        first, r.digest);
    error.hint = "check whether another process writes to the file";
    run.failure = error;
  }
}

// A few pages do not change the figures.
constexpr double kNearlyAll = 0.999;
constexpr double kNearlyNone = 0.001;

void warn_unverified(const Error& error, const char* state,
                     std::vector<result::Warning>& warnings) {
  result::add_warning(
      warnings, {result::WarningCode::cache_not_verified,
                 fmt::format("cannot verify that the page cache is {}: {}", state, error.cause),
                 "run as the owner of the file, or judge by the latencies"});
}

Status make_cold(const os::File& file, std::vector<result::Warning>& warnings) {
  if (Status evicted = os::evict(file); !evicted) {
    Error error = evicted.take_error();
    const std::string hint = std::exchange(error.hint, {});
    result::add_warning(warnings, {result::WarningCode::cache_not_cold, error.line(),
                                   fmt::format("{}{}use --cache direct to bypass the page cache",
                                               hint, hint.empty() ? "" : ", or ")});
    return {};
  }
  const Result<double> share = os::resident_share(file);
  if (!share) {
    warn_unverified(share.error(), "cold", warnings);
  } else if (*share > kNearlyNone) {
    result::add_warning(
        warnings,
        {result::WarningCode::cache_not_cold,
         fmt::format("{:.1f} % of the file stayed in the page cache despite --cache cold",
                     *share * 100),
         "close other programs that use the file, or use --cache direct; a file system in memory, "
         "such as tmpfs, cannot be cold"});
  }
  return {};
}

Status make_warm(const os::File& file, std::vector<result::Warning>& warnings) {
  if (Status read = os::warm(file); !read) return read;
  const Result<double> share = os::resident_share(file);
  if (!share) {
    warn_unverified(share.error(), "warm", warnings);
  } else if (*share < kNearlyAll) {
    result::add_warning(
        warnings, {result::WarningCode::cache_not_warm,
                   fmt::format("only {:.1f} % of the file is in the page cache despite --cache "
                               "warm",
                               *share * 100),
                   "use a file that fits in memory"});
  }
  return {};
}

}  // namespace

result::Run run_file(const Measurement& measurement, const std::string& path,
                     run::BufferPool& pool) {
  result::Run run;
  run.job = "hash";
  run.config = run::choose_missing(measurement.settings, path);
  run.target.path = path;
  if (path.empty()) {
    run.failure = empty_name();
    return run;
  }
  for (unsigned i = 0; i < measurement.passes(); ++i) {
    log_debug(fmt::format("{}: pass {} of {}", path, i + 1, measurement.passes()));
    if (pass(measurement, measurement.measures(i), pool, run)) continue;
    run.partial = os::interrupted() && !is_complete(run, measurement.repeat);
    break;
  }
  describe_target(run);
  check_digests(run);
  return run;
}

run::RunContext context_of_pass(const Measurement& measurement, bool measured,
                                std::span<run::BufferPool> pools, ProgressLine& line) {
  return {.event = main_event(),
          .pools = pools,
          .progress = [&line](std::uint64_t done, std::uint64_t all) { line.show(done, all); },
          .trace = measured ? measurement.trace : nullptr};
}

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

Status prepare_cache(const std::string& path, CacheState state,
                     std::vector<result::Warning>& warnings) {
  if (state == CacheState::asis || state == CacheState::direct) return {};
  // Windows evicts a file from its cache only if no buffered handle to it is open.
  Result<os::File> file = os::File::open(path, {.direct = state == CacheState::cold});
  if (!file) file = os::File::open(path, {});
  if (!file) return file.take_error();
  Result<std::uint64_t> bytes = file->size();
  if (!bytes) return bytes.take_error();
  if (*bytes == 0) return {};
  return state == CacheState::cold ? make_cold(*file, warnings) : make_warm(*file, warnings);
}

bool prepare(result::Run& run) {
  result::Target& target = run.target;
  if (!target.hole_share) target.hole_share = run::hole_share(target.path);
  Status ready = prepare_cache(target.path, run.config.cache, run.warnings);
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

std::unique_ptr<stats::Trace> new_trace(const std::string& path) {
  if (path.empty()) return nullptr;
  auto trace = std::make_unique<stats::Trace>();
  trace->event_cost_ns = run::trace_event_cost_ns(main_event());
  return trace;
}

void note_trace(const stats::Trace* trace, const run::RunOutcome& outcome, result::Run& run) {
  if (trace == nullptr) return;
  const double each_ns = trace->event_cost_ns;
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

}  // namespace aiobench::tool
