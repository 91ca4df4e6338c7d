// The scheduler runs lanes on an engine. It owns the worker threads, and it decides which of
// several ready lanes continues next.
//
// A worker resumes, in this order: a lane that holds the turn, because it hashes the next block; a
// lane that was not started yet; the lane of a completion that it has taken; a shared lane, which
// yielded in any thread or was posted. Only the scheduler resumes lanes, and never inside
// Engine::submit() or reap(). A worker without work polls briefly, then sleeps in Engine::reap().
//
// If the engine has its own threads, those threads run the lanes instead, and the scheduler starts
// no threads. Each of them becomes a worker for the duration of a callback.
#pragma once

#include <atomic>
#include <condition_variable>
#include <coroutine>
#include <functional>
#include <memory>
#include <mutex>
#include <optional>
#include <thread>
#include <type_traits>
#include <vector>

#include "base/error.h"
#include "engine/engine.h"
#include "os/console.h"
#include "run/lane.h"
#include "run/planted_slowdown.h"
#include "stats/timeline.h"
#include "stats/trace.h"

namespace aiobench::run {

class Scheduler;

// The request that a lane awaits: `co_await transfer` submits it. The lane continues in the thread
// to which the mechanism delivers the completion, or immediately if the request finished inside the
// call.
struct Transfer : engine::Request {
  std::coroutine_handle<> coroutine;  // of the lane
  // The engine that executes the request, if it is not the engine of the scheduler. It must finish
  // every request inside the call. nullptr: the engine of the scheduler.
  engine::Engine* via = nullptr;
  // The time from which the latency counts. With a rate: when the request was due. 0: when it was
  // submitted.
  os::Ticks due_ticks = 0;

  bool await_ready() const noexcept { return false; }
  bool await_suspend(std::coroutine_handle<> awaiting);
  void await_resume() const noexcept {}
};

static_assert(std::is_trivially_destructible_v<Transfer>);

// Awaits the completion of a transfer that Worker::begin() has submitted.
struct PendingCompletion {
  Transfer* transfer = nullptr;

  bool await_ready() const noexcept { return false; }
  void await_suspend(std::coroutine_handle<> awaiting) const noexcept;
  void await_resume() const noexcept {}
};

static_assert(std::is_trivially_destructible_v<PendingCompletion>);

// The state of one thread that runs lanes: completions that it has taken, lanes that it resumes
// next, and what it records. Only that thread may access it, except for `idle`.
struct alignas(64) Worker {
  Scheduler* scheduler = nullptr;
  unsigned index = 0;
  engine::RequestQueue completed;
  WaiterQueue turn_holders;  // lanes that got the turn: they continue before all others
  WaiterQueue not_started;   // lanes that have not been resumed yet
  stats::Recorder recorder;
  // The last clock reading of this thread. A wait begins at this time, without another reading: the
  // thread has just submitted a request or run a lane that did.
  os::Ticks last_ticks = 0;
  std::atomic<bool> idle{false};  // asleep in reap(), or about to be
  // The log of this worker; only traced lanes use it. nullptr: no trace.
  stats::TraceLog* trace = nullptr;

  // Calls Engine::submit(). True: the request is pending. False: it is done, and the lane
  // continues.
  bool submit(Transfer& transfer);
  // Calls Engine::submit() and Engine::flush() for a lane that continues without waiting, so that
  // the device works meanwhile. Returns what submit() returns. If that is true, the lane must await
  // PendingCompletion later. Only for runs with one worker thread: this thread takes completions
  // only while it runs no lane, so it does not take this one before the lane awaits it.
  bool begin(Transfer& transfer);
  // Calls Engine::flush(): the requests that were submitted so far go to the system.
  void flush();
  // Records a transfer that is done.
  void record(const Transfer& transfer);
  // The statistics for the direction of that transfer.
  stats::Flow& flow(const Transfer& transfer) {
    return transfer.operation == engine::Operation::read ? recorder.reads : recorder.writes;
  }
};

// The worker of the calling thread. A lane must call it again after every suspension, because it
// may have moved to another thread: never keep the reference across a co_await.
Worker& current_worker();
void set_current_worker(Worker* worker);

// The error if the system can start no more threads.
Error cannot_start_threads(unsigned count, int code);

// Created and used by the thread that starts the run; lanes and workers use the part for lanes.
class Scheduler final : private engine::CompletionHost {
 public:
  // `done` is set when the last lane has ended. `engine` and `done` outlive the scheduler.
  Scheduler(engine::Engine& engine, os::WakeEvent& done);
  ~Scheduler();

  // Before start_threads(): post() will be called, so even a single worker must be woken for it.
  void expect_posts() { only_completions_ = false; }
  // Before start_threads(): flushes after each request, whatever its size. With direct access the
  // device then works while the next request is prepared. With batches it would receive all
  // requests at the same moment, and the next ones only after all of these are done.
  void submit_each() { submits_each_ = true; }
  // Before start(): statistics are kept per interval of `seconds` seconds. 0: the length is chosen
  // for the run.
  void keep_intervals(double seconds);
  // Before start(): traced lanes record their events in `trace_pass`. nullptr: no trace.
  void trace_into(stats::TracePass* trace_pass);
  // Creates the threads, and each enters the engine; no lane runs yet. Returns the first error.
  Status start_threads();
  // Starts the lanes and the clock. The lanes must live until after join(). Calls `clock_started`
  // with the start time of the clock, before any lane runs.
  void start(std::vector<Lane>& lanes, const std::function<void(os::Ticks)>& clock_started = {});
  bool finished() const { return finished_.load(); }
  // Waits until the last lane has ended and every thread has left the engine.
  void join();

  // After join().
  os::Ticks started_ticks() const { return started_ticks_; }
  os::Ticks finished_ticks() const { return finished_ticks_; }
  stats::Recorder totals() const;
  std::uint64_t traced_events() const { return trace_pass_ != nullptr ? trace_pass_->added() : 0; }

  // For lanes.
  engine::Engine& engine() { return engine_; }
  double ns_per_tick() const { return ns_per_tick_; }
  // Whether the worker flushes after each lane that it has resumed, so that no request waits for a
  // batch.
  bool submits_each() const { return submits_each_; }
  // Whether a thread may poll while it waits: there are several threads, and a processor for each.
  bool may_spin() const { return spins_ > 0; }
  // Whether another thread is idle while `worker`, the worker of the caller, has lanes to resume
  // besides the one that asks.
  bool has_work_to_give(const Worker& worker) const;
  // Queues the lane for any worker that has time. Called by a worker.
  void share(Waiter& waiter);
  // The same, and wakes a worker for it. Any thread, also one that is not a worker.
  void post(Waiter& waiter);
  void lane_ended();
  // Does nothing except in a build with a planted slowdown.
  Slowdown& slowdown() { return slowdown_; }

 private:
  void completed(engine::Request& request) override;
  void woken() override;

  Status create_threads();
  bool enter_engine(Worker& worker);
  void run(Worker& worker);
  void run_ready(Worker& worker);
  Waiter* next_waiter(Worker& worker);
  Waiter* take_shared();
  bool poll_for_lanes();
  void wait_for_work(Worker& worker);
  void wait_for_completions_or_lanes(Worker& worker);
  void wake_one();
  void note_wait(Worker& worker, os::Ticks now);

  Worker& attach_worker();
  void detach_worker(Worker& worker);

  engine::Engine& engine_;
  os::WakeEvent& done_;
  const double ns_per_tick_;
  // Blocks are so large that submitting each request by itself pays, and so does waking a thread.
  const bool large_blocks_;
  bool submits_each_;
  const unsigned spins_;
  stats::IntervalSettings intervals_;
  stats::TracePass* trace_pass_ = nullptr;
  std::unique_ptr<Worker[]> workers_;
  const unsigned count_;
  // One worker, and no lane is posted from another thread: the worker sleeps until a completion
  // arrives.
  bool only_completions_;
  std::vector<std::thread> threads_;

  // For the start of the run: each thread waits until all have entered the engine, or one failed
  // to.
  std::mutex mutex_;
  std::condition_variable changed_;
  unsigned entered_ = 0;                // guarded by mutex_
  std::optional<Error> enter_failure_;  // guarded by mutex_
  bool out_of_memory_ = false;          // guarded by mutex_
  bool go_ = false;                     // guarded by mutex_
  bool cancelled_start_ = false;        // guarded by mutex_; the threads end without running lanes
  std::vector<Worker*> free_workers_;   // guarded by mutex_; for an engine's own threads

  std::mutex shared_mutex_;
  WaiterQueue shared_;  // guarded by shared_mutex_
  std::atomic<unsigned> shared_count_{0};
  std::atomic<unsigned> idle_count_{0};

  std::atomic<std::size_t> lanes_left_{0};
  std::atomic<bool> finished_{false};
  os::Ticks started_ticks_ = 0;
  os::Ticks finished_ticks_ = 0;
  Slowdown slowdown_;
};

// Awaited between two blocks. It lets any thread continue the lane if this thread has a lane that
// holds the turn, or if it has other lanes while another thread is idle. Otherwise the lane
// continues immediately.
struct Yield : Waiter {
  bool await_ready() const noexcept;
  void await_suspend(std::coroutine_handle<> awaiting);
  void await_resume() const noexcept {}
};

static_assert(std::is_trivially_destructible_v<Yield>);

}  // namespace aiobench::run
