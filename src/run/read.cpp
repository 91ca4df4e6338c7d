#include "run/read.h"

#include <algorithm>
#include <chrono>
#include <memory>
#include <system_error>

#include "base/error.h"
#include "os/console.h"
#include "os/host.h"
#include "os/system_error.h"
#include "run/run.h"
#include "run/scheduler.h"
#include "run/tracing.h"

namespace aiobench::run {
namespace {

std::uint64_t divided_up(std::uint64_t bytes, std::uint32_t block_bytes) {
  return bytes / block_bytes + (bytes % block_bytes != 0 ? 1 : 0);
}

std::uint64_t requests_of(const ReadSettings& settings, std::uint64_t blocks,
                          std::uint32_t block_bytes) {
  if (blocks == 0) return 0;
  if (settings.limit_bytes > 0) return divided_up(settings.limit_bytes, block_bytes);
  return settings.duration_seconds > 0 ? ReadPlan::kEndless : blocks;
}

bool is_later(const Pace* a, const Pace* b) {
  return a->due_ticks > b->due_ticks;
}

ReadSettings read_of(const Settings& settings) {
  return settings.read.value_or(ReadSettings{});
}

// The number of lanes: the depth, or the number of requests if that is smaller.
unsigned read_lanes(const Settings& settings, std::uint64_t file_bytes) {
  const ReadPlan plan(read_of(settings), file_bytes, settings.block_bytes);
  return static_cast<unsigned>(std::clamp<std::uint64_t>(plan.requests(), 1, settings.depth));
}

// The run over one file.
class Reader {
 public:
  Reader(engine::Engine& engine, const engine::AttachedFile& file, const Settings& settings,
         const RunContext& context)
      : engine_(engine), job_(file, settings), scheduler_(engine, context.event) {
    scheduler_.keep_intervals(settings.interval_seconds);
    if (const double rate = read_of(settings).rate_per_second; rate > 0) {
      scheduler_.expect_posts();
      pacer_ = std::make_unique<Pacer>(scheduler_, rate);
      job_.set_pacer(*pacer_);
    }
    const engine::EngineConfig& config = engine.config();
    if (settings.direct() && config.depth > 1) scheduler_.submit_each();
    stats::TracePass* const trace_pass =
        begin_trace(context.trace, settings, "read", engine, file, config.depth);
    scheduler_.trace_into(trace_pass);
    for (unsigned i = 0; i < config.depth; ++i) {
      lanes_.push_back(read_lane(job_, {config.buffer(i), i}, trace_pass != nullptr));
    }
  }

  Status start_threads() {
    Status ready = scheduler_.start_threads();
    return ready && pacer_ ? pacer_->start_threads() : ready;
  }
  void start() {
    if (!pacer_) return scheduler_.start(lanes_);
    scheduler_.start(lanes_, [this](os::Ticks start_ticks) { pacer_->start(start_ticks); });
  }
  bool finished() const { return scheduler_.finished(); }
  // A file that is done is not stopped: its results are complete.
  void stop() {
    if (!finished()) job_.stop();
  }
  void cancel() { engine_.cancel(); }
  std::uint64_t in_flight() const { return engine_.in_flight(); }
  void join() {
    if (pacer_) pacer_->join();
    scheduler_.join();
  }

  std::uint64_t issued_requests() { return std::min(job_.plan().issued(), job_.plan().requests()); }
  std::uint64_t requests() { return job_.plan().requests(); }

  void take(RunOutcome& outcome) {
    AIOBENCH_CHECK(engine_.in_flight() == 0);
    outcome.file_bytes = job_.file().bytes;
    outcome.lanes = engine_.config().depth;
    outcome.threads = engine_.config().threads;
    store_totals(scheduler_, outcome);
    outcome.done_bytes = outcome.totals.reads.bytes;
    outcome.failure = job_.failure();
    outcome.interrupted = os::interrupted() && job_.plan().stopped();
  }

 private:
  engine::Engine& engine_;
  ReadJob job_;
  Scheduler scheduler_;
  std::unique_ptr<Pacer> pacer_;  // destroyed before the scheduler, to which it posts lanes
  std::vector<Lane> lanes_;
};

using Readers = std::vector<std::unique_ptr<Reader>>;

template <class What>
void each(const Readers& readers, What what) {
  for (const std::unique_ptr<Reader>& reader : readers) {
    if (reader) what(*reader);
  }
}

std::uint64_t saturated_sum(std::uint64_t a, std::uint64_t b) {
  return a > UINT64_MAX - b ? UINT64_MAX : a + b;
}

// Reports the bytes done and the total. If only the duration ends the run, the total is estimated
// from the elapsed time.
void report(const Readers& readers, const Settings& settings, double seconds,
            const Progress& progress) {
  std::uint64_t done = 0;
  std::uint64_t all = 0;
  each(readers, [&](Reader& reader) {
    done += reader.issued_requests() * settings.block_bytes;
    const std::uint64_t of_one =
        std::min(reader.requests(), ReadPlan::kEndless / settings.block_bytes) *
        settings.block_bytes;
    all = saturated_sum(all, of_one);
  });
  if (done == 0) return;  // nothing to estimate the total from
  const double duration = read_of(settings).duration_seconds;
  if (duration > 0 && seconds > 0) {
    const double share = std::min(1.0, seconds / duration);
    const auto by_time = static_cast<std::uint64_t>(static_cast<double>(done) / share);
    all = std::min(all, by_time);
  }
  progress(done, std::max(done, all));
}

void run_all(const Readers& readers, const Settings& settings, const RunContext& context) {
  const auto began = std::chrono::steady_clock::now();
  each(readers, [](Reader& reader) { reader.start(); });
  const WatchCalls calls{
      .finished =
          [&] {
            return std::all_of(readers.begin(), readers.end(),
                               [](const auto& reader) { return !reader || reader->finished(); });
          },
      .stop = [&] { each(readers, [](Reader& reader) { reader.stop(); }); },
      .cancel = [&] { each(readers, [](Reader& reader) { reader.cancel(); }); },
      .in_flight =
          [&] {
            std::uint64_t all = 0;
            each(readers, [&](Reader& reader) { all += reader.in_flight(); });
            return all;
          },
      .report =
          [&] {
            if (!context.progress) return;
            const std::chrono::duration<double> gone = std::chrono::steady_clock::now() - began;
            report(readers, settings, gone.count(), context.progress);
          },
      .stop_after_seconds = read_of(settings).duration_seconds};
  watch(calls, context.event);
  each(readers, [](Reader& reader) { reader.join(); });
}

// Opens `path` and makes its reader. On failure, returns nullptr and sets the failure of `outcome`.
std::unique_ptr<Reader> prepare(const Settings& settings, const std::string& path,
                                const RunContext& context, BufferPool& pool, OpenedFile& opened,
                                RunOutcome& outcome) {
  const Result<std::uint64_t> bytes = size_of(path);
  if (!bytes) {
    outcome.failure = bytes.error();
    return nullptr;
  }
  const unsigned lanes = read_lanes(settings, *bytes);
  Result<OpenedFile> file = open_file(settings, path, lanes, lanes, pool);
  Status ready;
  if (file && settings.direct()) ready = check_direct(*file->file, settings);
  if (!file || !ready) {
    outcome.failure = file ? ready.take_error() : file.take_error();
    return nullptr;
  }
  opened = file.take();
  auto reader = std::make_unique<Reader>(*opened.engine, *opened.file, settings, context);
  if (Status started = reader->start_threads(); !started) {
    outcome.failure = started.take_error();
    return nullptr;
  }
  return reader;
}

}  // namespace

ReadPlan::ReadPlan(const ReadSettings& settings, std::uint64_t file_bytes,
                   std::uint32_t block_bytes)
    : pattern_(settings.pattern),
      seed_(settings.seed),
      file_bytes_(file_bytes),
      block_bytes_(block_bytes),
      blocks_(divided_up(file_bytes, block_bytes)),
      whole_blocks_(file_bytes / block_bytes),
      requests_(requests_of(settings, blocks_, block_bytes)) {}

bool Pace::await_suspend(std::coroutine_handle<> awaiting) {
  coroutine = awaiting;
  return pacer->wait(*this);
}

Pacer::Pacer(Scheduler& scheduler, double requests_per_second)
    : scheduler_(scheduler), interval_ticks_(1e9 / requests_per_second / os::ns_per_tick()) {}

Pacer::~Pacer() {
  join();
  AIOBENCH_CHECK(waiters_.empty());
}

Status Pacer::start_threads() {
  try {
    thread_ = std::thread([this] { run(); });
  } catch (const std::system_error& failure) {
    return cannot_start_threads(1, failure.code().value());
  }
  return {};
}

void Pacer::join() {
  stop();
  if (thread_.joinable()) thread_.join();
}

os::Ticks Pacer::due(std::uint64_t ticket) const {
  return start_ticks_ + static_cast<os::Ticks>(static_cast<double>(ticket) * interval_ticks_);
}

bool Pacer::wait(Pace& pace) {
  if (os::now_ticks() >= pace.due_ticks) return false;
  const std::lock_guard lock(mutex_);
  if (stopped_) return false;
  waiters_.push_back(&pace);
  std::push_heap(waiters_.begin(), waiters_.end(), is_later);
  if (waiters_.front() == &pace) changed_.notify_one();
  return true;
}

void Pacer::stop() {
  const std::lock_guard lock(mutex_);
  stopped_ = true;
  changed_.notify_one();
}

// Called with the lock held. After post() the lane belongs to the scheduler, and may have ended.
void Pacer::post_first() {
  std::pop_heap(waiters_.begin(), waiters_.end(), is_later);
  Pace* const first = waiters_.back();
  waiters_.pop_back();
  scheduler_.post(*first);
}

void Pacer::run() {
  os::wake_on_time();
  std::unique_lock lock(mutex_);
  while (!stopped_ || !waiters_.empty()) {
    const os::Ticks now = os::now_ticks();
    if (!waiters_.empty() && (stopped_ || waiters_.front()->due_ticks <= now)) {
      post_first();
    } else if (waiters_.empty()) {
      changed_.wait(lock);
    } else {
      const double left_ns = os::ticks_to_ns(waiters_.front()->due_ticks - now);
      changed_.wait_for(lock, std::chrono::nanoseconds(static_cast<std::int64_t>(left_ns)));
    }
  }
}

void ReadJob::stop() {
  plan_.stop();
  if (pacer_ != nullptr) pacer_->stop();
}

void ReadJob::fail(const BlockTransfer& block) {
  stop();
  // A request that the program itself cancelled after Ctrl-C is not a failure.
  if (os::interrupted() && os::is_cancelled(block.error())) return;
  const std::lock_guard lock(mutex_);
  if (!failure_) failure_ = block.failure(file_);
}

std::vector<RunOutcome> read_files(const Settings& settings, std::span<const std::string> paths,
                                   const RunContext& context) {
  AIOBENCH_CHECK(paths.size() <= context.pools.size());
  std::vector<RunOutcome> outcomes(paths.size());
  std::vector<OpenedFile> opened(paths.size());
  Readers readers;
  for (std::size_t i = 0; i < paths.size(); ++i) {
    readers.push_back(
        prepare(settings, paths[i], context, context.pools[i], opened[i], outcomes[i]));
  }
  const CpuWatch cpu;
  run_all(readers, settings, context);
  RunOutcome all;
  cpu.stop(all);
  for (std::size_t i = 0; i < paths.size(); ++i) {
    if (!readers[i]) continue;
    readers[i]->take(outcomes[i]);
    outcomes[i].cpu = all.cpu;
    outcomes[i].other_cpu_share = all.other_cpu_share;
  }
  return outcomes;
}

RunOutcome read_attached(engine::Engine& engine, const engine::AttachedFile& file,
                         const Settings& settings, const RunContext& context) {
  RunOutcome outcome;
  Readers readers;
  readers.push_back(std::make_unique<Reader>(engine, file, settings, context));
  if (Status ready = readers[0]->start_threads(); !ready) {
    outcome.failure = ready.take_error();
    return outcome;
  }
  const CpuWatch cpu;
  run_all(readers, settings, context);
  cpu.stop(outcome);
  readers[0]->take(outcome);
  return outcome;
}

}  // namespace aiobench::run
