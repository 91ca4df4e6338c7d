#include "run/run.h"

#include <fmt/core.h>

#include <algorithm>
#include <chrono>
#include <limits>

#include "base/error.h"
#include "base/log.h"
#include "base/units.h"
#include "engine/registry.h"
#include "os/clock.h"
#include "os/file.h"
#include "os/memory.h"
#include "run/block.h"
#include "run/read.h"
#include "run/scheduler.h"

namespace aiobench::run {
namespace {

using Clock = std::chrono::steady_clock;

constexpr std::chrono::milliseconds kProgressInterval(100);  // between two progress reports

// Files in /proc report the size 0 but have content: the digest of an empty file would be wrong.
Status check_empty(const os::File& file) {
  std::byte first{};
  if (file.read_at(&first, 1, 0).bytes == 0) return {};
  Error error;
  error.operation = "read";
  error.path = file.path();
  error.cause = "its reported size is 0, but it has content";
  error.hint = "copy it to a regular file first; the kernel generates its content on every read";
  return error;
}

// If the file has grown, the digest is that of its first part only.
std::optional<Error> check_size(const engine::AttachedFile& file) {
  Result<std::uint64_t> now = file.file.size();
  if (!now) return now.take_error();
  if (*now == file.bytes) return std::nullopt;
  Error error;
  error.operation = "hash";
  error.path = file.file.path();
  error.offset = file.bytes;
  error.cause =
      fmt::format("the file had {} bytes when it was opened and has {} now", file.bytes, *now);
  error.hint = "it changed while it was read; try again when no process writes to it";
  return error;
}

// How long to wait for the event: until the next progress report, or until the run must be stopped.
unsigned next_wait_ms(Clock::time_point stop_at) {
  const auto left = std::chrono::ceil<std::chrono::milliseconds>(stop_at - Clock::now());
  return static_cast<unsigned>(
      std::clamp(left, std::chrono::milliseconds(0), kProgressInterval).count());
}

// The wall-clock time at `moment`. Wrong if the clock was set since.
std::uint64_t unix_ns_of(os::Ticks moment) {
  const auto now = std::chrono::system_clock::now().time_since_epoch();
  const double ago_ns = os::ticks_to_ns(os::now_ticks() - moment);
  return static_cast<std::uint64_t>(std::chrono::nanoseconds(now).count()) -
         static_cast<std::uint64_t>(ago_ns);
}

// The minimum of several tries, because disturbances only add to it.
constexpr int kTries = 3;

double clock_cost_ns() {
  constexpr unsigned kReadings = 1000;
  double min = std::numeric_limits<double>::max();
  for (int i = 0; i < kTries; ++i) {
    const os::Ticks begin = os::now_ticks();
    os::Ticks end = begin;
    for (unsigned k = 0; k < kReadings; ++k) end = os::now_ticks();
    min = std::min(min, os::ticks_to_ns(end - begin) / kReadings);
  }
  return min;
}

constexpr std::uint64_t kRequests = 20'000;

// A run of kRequests requests with the engine `null`. All 0 after an interrupt.
struct NullRun {
  double wall_ns = 0;
  std::uint64_t traced_events = 0;
};

// The requests go through lanes, plan and recorder; the engine does nothing.
NullRun null_run(os::WakeEvent& event, bool traced) {
  constexpr std::uint32_t kBlock = 4 * kKiB;
  const engine::EngineConfig config{.depth = 8,
                                    .threads = 1,
                                    .block_bytes = kBlock,
                                    .buffers = {},
                                    .buffer_stride = 0,
                                    .options = {}};
  Settings settings;
  settings.depth = config.depth;
  settings.block_bytes = kBlock;
  settings.read = ReadSettings{.limit_bytes = kRequests * kBlock};
  const auto trace = traced ? std::make_unique<stats::Trace>(3 * kRequests) : nullptr;
  Result<std::unique_ptr<engine::Engine>> null = engine::find_factory("null")->make(config);
  AIOBENCH_CHECK(null);
  engine::AttachedFile file;
  file.bytes = kGiB;
  const RunOutcome outcome =
      read_attached(**null, file, settings, {.event = event, .trace = trace.get()});
  if (outcome.failure || outcome.totals.reads.requests != kRequests) return {};
  return {outcome.wall_seconds * 1e9, outcome.traced_events};
}

NullRun fastest_null_run(os::WakeEvent& event, bool traced) {
  NullRun fastest;
  for (int i = 0; i < kTries; ++i) {
    const NullRun one = null_run(event, traced);
    if (one.wall_ns == 0) return {};
    if (i == 0 || one.wall_ns < fastest.wall_ns) fastest = one;
  }
  return fastest;
}

}  // namespace

Status BufferPool::reserve(unsigned lanes, std::size_t stride) {
  const std::size_t bytes = lanes * stride;
  if (memory_.size() >= bytes) return {};
  memory_ = {};  // first, so that the old and the new memory do not exist at the same time
  Result<os::PageMemory> memory = os::PageMemory::allocate(bytes);
  if (!memory) return memory.take_error();
  memory_ = memory.take();
  return {};
}

unsigned lanes_for(std::uint64_t file_bytes, const Settings& settings) {
  const std::uint64_t blocks = BlockPlan(file_bytes, settings.block_bytes).blocks();
  return static_cast<unsigned>(std::clamp<std::uint64_t>(blocks, 1, settings.depth));
}

std::uint32_t alignment_of(const engine::AttachedFile& file, const Settings& settings) {
  return settings.direct() ? file.file.direct_alignment() : 1;
}

Status check_direct(const engine::AttachedFile& file, const Settings& settings) {
  const std::uint32_t alignment = file.file.direct_alignment();
  if (settings.block_bytes % alignment == 0) return {};
  Error error = usage_error(
      "use --block-size " + format_exact_size(settings.block_bytes) + " with --cache direct",
      fmt::format("direct access to '{}' needs multiples of {} bytes", file.file.path(),
                  alignment));
  error.hint = fmt::format("try --block-size {}",
                           format_exact_size(align_up(settings.block_bytes, alignment)));
  return error;
}

RunOutcome outcome_at_start(const engine::Engine& engine, const engine::AttachedFile& file,
                            const Settings& settings) {
  RunOutcome outcome;
  outcome.file_bytes = file.bytes;
  outcome.lanes = std::min(lanes_for(file.bytes, settings), engine.config().depth);
  outcome.threads = engine.config().threads;
  return outcome;
}

void complete_outcome(const engine::Engine& engine, const engine::AttachedFile& file,
                      const hash::Hasher& hasher, RunOutcome& outcome) {
  outcome.interrupted = os::interrupted() && outcome.done_bytes < outcome.file_bytes;
  if (outcome.failure || outcome.interrupted) return;
  outcome.failure = check_size(file);
  if (!outcome.failure && engine.moves_data()) outcome.digest = hasher.digest();
}

Result<std::uint64_t> size_of(const std::string& path) {
  Result<os::File> file = os::File::open(path, {});
  if (!file) return file.take_error();
  Result<std::uint64_t> bytes = file->size();
  if (bytes && *bytes == 0) {
    if (Status empty = check_empty(*file); !empty) return empty.take_error();
  }
  return bytes;
}

Result<OpenedFile> open_file(const Settings& settings, const std::string& path, unsigned lanes,
                             unsigned buffers, BufferPool& pool) {
  const os::OpenOptions options{
      .access = os::Access::read, .direct = settings.direct(), .random = settings.random()};
  Result<engine::EngineSpec> spec = engine::parse_engine(settings.engine_text());
  if (!spec) return spec.take_error();
  // Buffers are aligned to pages. Blocks below 4 KiB are packed, because otherwise thousands of
  // them would take a page each; a block size that direct access accepts is still aligned as direct
  // access requires.
  const std::size_t unit = settings.block_bytes < 4 * kKiB ? 64 : 4 * kKiB;
  const std::size_t stride = align_up(settings.block_bytes, unit);
  if (spec->mechanism->maps_files) buffers = 0;
  if (Status got = pool.reserve(buffers, stride); !got) return got.take_error();
  const engine::EngineConfig config{.depth = lanes,
                                    .threads = std::min(settings.threads, lanes),
                                    .block_bytes = settings.block_bytes,
                                    .buffers = pool.span().first(buffers * stride),
                                    .buffer_stride = stride,
                                    .options = spec->options};
  const engine::Factory* const factory = engine::find_factory(spec->mechanism->name);
  AIOBENCH_CHECK(factory != nullptr);
  Result<std::unique_ptr<engine::Engine>> engine = factory->make(config);
  if (!engine) return engine.take_error();
  Result<const engine::AttachedFile*> file = (*engine)->open(path, options);
  if (!file) return file.take_error();
  return OpenedFile{engine.take(), *file};
}

bool StuckRequests::seen(std::uint64_t in_flight) {
  constexpr unsigned kTimes = 10;
  times_ = in_flight == last_ && in_flight > 0 ? times_ + 1 : 0;
  last_ = in_flight;
  if (reported_ || times_ < kTimes) return false;
  reported_ = true;
  return true;
}

void watch(const WatchCalls& calls, os::WakeEvent& event) {
  StuckRequests stuck;
  bool stopped = calls.stop_after_seconds <= 0;
  const Clock::time_point stop_at =
      stopped ? Clock::time_point::max()
              : Clock::now() + std::chrono::duration_cast<Clock::duration>(
                                   std::chrono::duration<double>(calls.stop_after_seconds));
  while (!calls.finished()) {
    event.wait(stopped ? static_cast<unsigned>(kProgressInterval.count()) : next_wait_ms(stop_at));
    if (calls.finished()) return;
    if (calls.report) calls.report();
    if (!stopped && Clock::now() >= stop_at) {
      stopped = true;
      calls.stop();
    }
    if (!os::interrupted()) continue;
    calls.stop();
    calls.cancel();
    if (stuck.seen(calls.in_flight())) {
      log_warning(
          "waiting for requests that the system does not cancel (press Ctrl-C again to exit at "
          "once)");
    }
  }
}

Status run_lanes(engine::Engine& engine, const Settings& settings, LaneGroup group,
                 os::WakeEvent& event, RunOutcome& outcome) {
  Scheduler scheduler(engine, event);
  scheduler.keep_intervals(settings.interval_seconds);
  if (group.submit_each) scheduler.submit_each();
  scheduler.trace_into(group.trace_pass);
  if (Status ready = scheduler.start_threads(); !ready) return ready;
  const CpuWatch cpu;
  scheduler.start(group.lanes);
  WatchCalls& calls = group.calls;
  calls.finished = [&] { return scheduler.finished(); };
  calls.cancel = [&] { engine.cancel(); };
  calls.in_flight = [&] { return engine.in_flight(); };
  watch(calls, event);
  scheduler.join();
  cpu.stop(outcome);
  AIOBENCH_CHECK(engine.in_flight() == 0);
  store_totals(scheduler, outcome);
  return {};
}

void store_totals(const Scheduler& scheduler, RunOutcome& outcome) {
  outcome.started_unix_ns = unix_ns_of(scheduler.started_ticks());
  outcome.wall_seconds =
      os::ticks_to_seconds(scheduler.finished_ticks() - scheduler.started_ticks());
  outcome.totals = scheduler.totals();
  outcome.traced_events = scheduler.traced_events();
}

std::optional<double> cached_share(const std::string& path) {
  const Result<os::File> file = os::File::open(path, {});
  if (!file) return std::nullopt;
  const Result<double> share = os::sampled_resident_share(*file);
  return share ? std::optional<double>(*share) : std::nullopt;
}

std::optional<double> hole_share(const std::string& path) {
  const Result<os::File> file = os::File::open(path, {});
  if (!file) return std::nullopt;
  const Result<std::uint64_t> bytes = file->size();
  if (!bytes || *bytes == 0) return std::nullopt;
  const Result<std::vector<os::Extent>> extents = os::data_extents(*file, *bytes);
  if (!extents) return std::nullopt;
  std::uint64_t data_bytes = 0;
  for (const os::Extent& extent : *extents) data_bytes += extent.bytes;
  return static_cast<double>(*bytes - data_bytes) / static_cast<double>(*bytes);
}

void CpuWatch::stop(RunOutcome& outcome) const {
  const os::CpuTime now = os::process_cpu_time();
  outcome.cpu = {now.user_seconds - process_.user_seconds,
                 now.system_seconds - process_.system_seconds};
  outcome.other_cpu_share = run::other_cpu_share(
      system_, os::system_cpu_time(), outcome.cpu.user_seconds + outcome.cpu.system_seconds);
}

std::optional<double> other_cpu_share(const std::optional<os::SystemCpuTime>& before,
                                      const std::optional<os::SystemCpuTime>& after,
                                      double own_seconds) {
  // On Linux, the sum of four counters with steps of 10 ms.
  constexpr double kMinSeconds = 0.5;
  if (!before || !after) return std::nullopt;
  const double all = after->all_seconds - before->all_seconds;
  if (all < kMinSeconds) return std::nullopt;
  const double others = after->busy_seconds - before->busy_seconds - own_seconds;
  return std::clamp(others / all, 0.0, 1.0);
}

stats::OwnCost own_cost(os::WakeEvent& event) {
  const NullRun untraced = fastest_null_run(event, false);
  return {clock_cost_ns(), untraced.wall_ns / static_cast<double>(kRequests)};
}

double trace_event_cost_ns(os::WakeEvent& event) {
  const NullRun untraced = fastest_null_run(event, false);
  const NullRun traced = fastest_null_run(event, true);
  if (untraced.wall_ns == 0 || traced.traced_events == 0) return 0;
  const double events = static_cast<double>(traced.traced_events);
  return std::max(0.0, (traced.wall_ns - untraced.wall_ns) / events);
}

}  // namespace aiobench::run
