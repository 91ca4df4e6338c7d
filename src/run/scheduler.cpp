#include "run/scheduler.h"

#include <fmt/core.h>

#include <cerrno>
#include <new>
#include <system_error>

#include "base/units.h"
#include "os/host.h"

namespace aiobench::run {
namespace {

// From this block size on, a system call for each request costs less than the delay of a request
// that waits for its batch.
constexpr std::uint32_t kLargeBlock = 64 * kKiB;

// How many times a worker polls for a shared lane before it sleeps. Polling kSpins times takes some
// 20 us, less than waking the worker. With more threads than processors, polling takes time from
// the other threads, so there is none.
unsigned spins_for(unsigned threads) {
  constexpr unsigned kSpins = 1000;
  return threads > 1 && threads <= std::thread::hardware_concurrency() ? kSpins : 0;
}

thread_local Worker* attached_worker = nullptr;

// A build may add a percentage to each latency, to prove that the calibration detects it.
#ifndef AIOBENCH_LATENCY_SKEW_PERCENT
#define AIOBENCH_LATENCY_SKEW_PERCENT 0
#endif
constexpr double kLatencySkew = 1.0 + AIOBENCH_LATENCY_SKEW_PERCENT / 100.0;

}  // namespace

Scheduler::Scheduler(engine::Engine& engine, os::WakeEvent& done)
    : engine_(engine),
      done_(done),
      ns_per_tick_(os::ns_per_tick()),
      large_blocks_(engine.config().block_bytes >= kLargeBlock),
      submits_each_(large_blocks_),
      spins_(spins_for(engine.config().threads)),
      workers_(std::make_unique<Worker[]>(engine.config().threads)),
      count_(engine.config().threads),
      only_completions_(count_ == 1) {
  for (unsigned i = 0; i < count_; ++i) {
    workers_[i].scheduler = this;
    workers_[i].index = i;
    if (engine_.has_own_threads()) free_workers_.push_back(&workers_[i]);
  }
  if (engine_.has_own_threads()) engine_.deliver_to(*this);
}

Scheduler::~Scheduler() {
  {
    const std::lock_guard lock(mutex_);
    cancelled_start_ = true;
  }
  changed_.notify_all();
  for (std::thread& thread : threads_) {
    if (thread.joinable()) thread.join();
  }
}

void Scheduler::run(Worker& worker) {
  set_current_worker(&worker);
  if (!enter_engine(worker)) return;
  const os::Ticks from = os::now_ticks();
  worker.last_ticks = from;
  while (!finished()) {
    run_ready(worker);
    if (!finished()) wait_for_work(worker);
  }
  worker.recorder.worker_ticks = os::now_ticks() - from;
  engine_.leave(worker.index);
}

// Resumes the lanes that are ready now. Completions that are delivered meanwhile wait for the next
// call, so that the requests of all lanes resumed here are submitted in one batch.
void Scheduler::run_ready(Worker& worker) {
  for (std::uint32_t left = worker.completed.size();;) {
    if (Waiter* const waiter = next_waiter(worker)) {
      waiter->coroutine.resume();
    } else if (left > 0) {
      --left;
      engine::Request& request = worker.completed.pop();
      Transfer& transfer = static_cast<Transfer&>(request);
      worker.record(transfer);
      transfer.coroutine.resume();
    } else if (Waiter* const shared = take_shared()) {
      shared->coroutine.resume();
    } else {
      return;
    }
    if (submits_each_) worker.flush();
  }
}

Waiter* Scheduler::next_waiter(Worker& worker) {
  if (!worker.turn_holders.empty()) return &worker.turn_holders.pop();
  if (!worker.not_started.empty()) return &worker.not_started.pop();
  return nullptr;
}

Waiter* Scheduler::take_shared() {
  if (shared_count_.load(std::memory_order_relaxed) == 0) return nullptr;
  const std::lock_guard lock(shared_mutex_);
  if (shared_.empty()) return nullptr;
  --shared_count_;
  return &shared_.pop();
}

// Some mechanisms deliver a completion to the thread that submitted the request. So one thread
// could come to own every lane, and read and hash alone, while another thread is idle.
bool Scheduler::has_work_to_give(const Worker& worker) const {
  const bool has_more = !worker.completed.empty() || !worker.not_started.empty();
  return has_more && large_blocks_ && idle_count_.load(std::memory_order_relaxed) > 0;
}

void Scheduler::share(Waiter& waiter) {
  {
    const std::lock_guard lock(shared_mutex_);
    shared_.push(waiter);
    ++shared_count_;
  }
  // Waking a thread takes longer than hashing a small block in this thread.
  if (large_blocks_ && idle_count_.load() > 0) wake_one();
}

void Scheduler::post(Waiter& waiter) {
  {
    const std::lock_guard lock(shared_mutex_);
    shared_.push(waiter);
    ++shared_count_;
  }
  if (engine_.has_own_threads()) {
    engine_.wake(0);
  } else {
    wake_one();
  }
}

void Scheduler::wake_one() {
  for (unsigned i = 0; i < count_; ++i) {
    if (workers_[i].idle.exchange(false)) {
      engine_.wake(i);
      return;
    }
  }
}

// Polls for a while. True: a lane is shared, or the run is over.
bool Scheduler::poll_for_lanes() {
  for (unsigned i = 0; i < spins_; ++i) {
    if (shared_count_.load(std::memory_order_relaxed) > 0 || finished()) return true;
    os::cpu_relax();
  }
  return false;
}

// Takes completions. If there are none, sleeps until one arrives or until this worker is woken.
void Scheduler::wait_for_work(Worker& worker) {
  if (only_completions_) {
    engine_.reap(worker.index, engine::Wait::yes, worker.completed);
  } else {
    wait_for_completions_or_lanes(worker);
  }
  const os::Ticks now =
      worker.completed.empty() ? os::now_ticks() : worker.completed.front().completed_ticks;
  worker.recorder.waiting_ticks += now - worker.last_ticks;
  if (worker.trace != nullptr) note_wait(worker, now);
  worker.last_ticks = now;
}

void Scheduler::note_wait(Worker& worker, os::Ticks now) {
  stats::TraceEvent event;
  event.kind = stats::TraceKind::wait;
  event.count = worker.completed.size();
  event.begin = worker.last_ticks;
  event.end = now;
  worker.trace->add(event);
}

// A worker that polls for shared lanes first takes the completions that are ready. A worker that
// does not poll makes only one call of reap(), so that one system call submits a batch and waits.
//
// post(), and share() if blocks are large, end the sleep of a worker. This worker sets `idle`
// before its last check for shared lanes, and they check `idle` after they have queued the lane. So
// either this worker sees the lane, or they see `idle` and wake it.
void Scheduler::wait_for_completions_or_lanes(Worker& worker) {
  if (spins_ > 0) engine_.reap(worker.index, engine::Wait::no, worker.completed);
  if (!worker.completed.empty()) return;
  ++idle_count_;
  if (!poll_for_lanes()) {
    worker.idle.store(true);
    const bool busy = shared_count_.load() > 0 || finished();
    if (!busy) engine_.reap(worker.index, engine::Wait::yes, worker.completed);
    worker.idle.store(false);
  }
  --idle_count_;
}

void Scheduler::lane_ended() {
  if (lanes_left_.fetch_sub(1) != 1) return;
  slowdown_.delay_at_end();
  finished_ticks_ = os::now_ticks();
  finished_.store(true);
  if (!engine_.has_own_threads()) {
    for (unsigned i = 0; i < count_; ++i) engine_.wake(i);
  }
  done_.set();
}

void Scheduler::join() {
  for (std::thread& thread : threads_) thread.join();
  if (engine_.has_own_threads()) {
    {
      std::unique_lock lock(mutex_);
      changed_.wait(lock, [&] { return finished() && free_workers_.size() == count_; });
    }
    engine_.quiesce();
  }
  for (unsigned i = 0; i < count_; ++i) workers_[i].recorder.end(finished_ticks_);
  if (trace_pass_ != nullptr) trace_pass_->ran(started_ticks_, finished_ticks_);
}

stats::Recorder Scheduler::totals() const {
  stats::Recorder sum;
  for (unsigned i = 0; i < count_; ++i) sum.merge(workers_[i].recorder);
  return sum;
}

// Makes the calling thread, which belongs to the engine, a worker until detach_worker().
Worker& Scheduler::attach_worker() {
  std::unique_lock lock(mutex_);
  changed_.wait(lock, [&] { return !free_workers_.empty(); });
  Worker& worker = *free_workers_.back();
  free_workers_.pop_back();
  lock.unlock();
  set_current_worker(&worker);
  return worker;
}

void Scheduler::detach_worker(Worker& worker) {
  const std::lock_guard lock(mutex_);
  free_workers_.push_back(&worker);
  changed_.notify_all();
}

void Scheduler::completed(engine::Request& request) {
  Worker& worker = attach_worker();
  const os::Ticks from = os::now_ticks();
  worker.completed.push(request);
  run_ready(worker);
  worker.recorder.worker_ticks += os::now_ticks() - from;
  detach_worker(worker);
}

void Scheduler::woken() {
  Worker& worker = attach_worker();
  const os::Ticks from = os::now_ticks();
  run_ready(worker);
  worker.recorder.worker_ticks += os::now_ticks() - from;
  detach_worker(worker);
}

void Lane::Finish::await_suspend(Handle lane) const noexcept {
  lane.promise().scheduler->lane_ended();
}

bool Yield::await_ready() const noexcept {
  const Worker& worker = current_worker();
  return worker.turn_holders.empty() && !worker.scheduler->has_work_to_give(worker);
}

void Yield::await_suspend(std::coroutine_handle<> awaiting) {
  coroutine = awaiting;
  current_worker().scheduler->share(*this);
}

Error cannot_start_threads(unsigned count, int code) {
  Error error;
  error.code = code;
  error.operation = fmt::format("start {} thread{}", count, count == 1 ? "" : "s");
  error.cause = std::generic_category().message(code);
  error.hint = "use fewer --threads";
  return error;
}

void Scheduler::keep_intervals(double seconds) {
  // By default an interval has a tenth of a second. If a run has more than 128 of them, pairs are
  // merged, so a long run has longer intervals.
  constexpr stats::IntervalSettings kDefault{.length = 0, .max = 128};
  constexpr double kDefaultSeconds = 0.1;
  constexpr std::size_t kMax = 100'000;
  intervals_ = kDefault;
  if (seconds > 0) intervals_.max = kMax;
  const double ns = (seconds > 0 ? seconds : kDefaultSeconds) * 1e9;
  intervals_.length = static_cast<os::Ticks>(ns / ns_per_tick_);
}

void Scheduler::trace_into(stats::TracePass* trace_pass) {
  trace_pass_ = trace_pass;
  if (trace_pass == nullptr) return;
  for (unsigned i = 0; i < count_; ++i) workers_[i].trace = &trace_pass->log(i);
}

Status Scheduler::start_threads() {
  if (engine_.has_own_threads()) return {};
  Status started = create_threads();
  std::unique_lock lock(mutex_);
  changed_.wait(lock, [&] { return entered_ == threads_.size(); });
  if (started && enter_failure_) return *enter_failure_;
  if (started && out_of_memory_) return cannot_start_threads(count_, ENOMEM);
  return started;
}

Status Scheduler::create_threads() {
  try {
    for (unsigned i = 0; i < count_; ++i) {
      threads_.emplace_back([this, i] { run(workers_[i]); });
    }
  } catch (const std::system_error& failure) {
    return cannot_start_threads(count_, failure.code().value());
  }
  return {};
}

void Scheduler::start(std::vector<Lane>& lanes,
                      const std::function<void(os::Ticks)>& clock_started) {
  lanes_left_ = lanes.size();
  for (std::size_t i = 0; i < lanes.size(); ++i) {
    Lane::promise_type& promise = lanes[i].promise();
    promise.scheduler = this;
    promise.start.coroutine = lanes[i].handle();
    // The engine's own threads are not workers yet: each becomes one in its first callback.
    if (engine_.has_own_threads()) {
      shared_.push(promise.start);
      ++shared_count_;
    } else {
      workers_[i % count_].not_started.push(promise.start);
    }
  }
  {
    const std::lock_guard lock(mutex_);
    started_ticks_ = os::now_ticks();
    if (clock_started) clock_started(started_ticks_);
    slowdown_.begin(started_ticks_);
    for (unsigned i = 0; i < count_; ++i) workers_[i].recorder.begin(started_ticks_, intervals_);
    go_ = true;
  }
  changed_.notify_all();
  if (!engine_.has_own_threads()) return;
  for (unsigned i = 0; i < count_; ++i) engine_.wake(i);
}

// True: all threads have entered the engine, and the run begins. False: at least one failed to.
bool Scheduler::enter_engine(Worker& worker) {
  Status entered;
  bool out_of_memory = false;
  try {
    entered = engine_.enter(worker.index);
  } catch (const std::bad_alloc&) {
    out_of_memory = true;  // no memory for an error message either: start_threads() reports it
  }
  std::unique_lock lock(mutex_);
  ++entered_;
  out_of_memory_ = out_of_memory_ || out_of_memory;
  if (!entered && !enter_failure_) enter_failure_ = entered.take_error();
  changed_.notify_all();
  changed_.wait(lock, [&] { return go_ || cancelled_start_; });
  if (!cancelled_start_) return true;
  lock.unlock();
  engine_.leave(worker.index);
  return false;
}

Worker& current_worker() {
  return *attached_worker;
}

void set_current_worker(Worker* worker) {
  attached_worker = worker;
}

bool Transfer::await_suspend(std::coroutine_handle<> awaiting) {
  coroutine = awaiting;
  return current_worker().submit(*this);
}

void PendingCompletion::await_suspend(std::coroutine_handle<> awaiting) const noexcept {
  transfer->coroutine = awaiting;
}

bool Worker::submit(Transfer& request) {
  scheduler->slowdown().delay();
  const os::Ticks before = os::now_ticks();
  request.submitted_ticks = before;
  engine::Engine& engine = request.via != nullptr ? *request.via : scheduler->engine();
  stats::Flow& counted = flow(request);
  const engine::Outcome outcome = engine.submit(index, request);
  // The lane may already continue in another thread. Only the outcomes `finished` and `failed` mean
  // that this thread may still access the request.
  const os::Ticks after = os::now_ticks();
  recorder.submit_ticks += after - before;
  last_ticks = after;
  switch (outcome) {
    case engine::Outcome::pending:
      return true;
    case engine::Outcome::notified:
      ++counted.inline_completions;
      return true;
    case engine::Outcome::finished:
      ++counted.inline_completions;
      break;
    case engine::Outcome::failed:
      break;
  }
  request.completed_ticks = after;
  record(request);
  return false;
}

bool Worker::begin(Transfer& request) {
  if (!submit(request)) return false;
  flush();
  return true;
}

void Worker::flush() {
  const os::Ticks before = os::now_ticks();
  scheduler->engine().flush(index);
  last_ticks = os::now_ticks();
  recorder.submit_ticks += last_ticks - before;
}

void Worker::record(const Transfer& request) {
  if (request.error != 0) {
    ++recorder.failures;
    return;
  }
  stats::Flow& counted = flow(request);
  if (request.done_in_call) ++counted.inline_completions;
  const os::Ticks from = request.due_ticks != 0 ? request.due_ticks : request.submitted_ticks;
  const os::Ticks ticks = request.completed_ticks - from;
  counted.count(request.completed_ticks, request.transferred,
                static_cast<std::uint64_t>(static_cast<double>(ticks) * scheduler->ns_per_tick() *
                                           kLatencySkew));
}

}  // namespace aiobench::run
