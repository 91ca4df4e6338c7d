// The scheduler runs lanes on an engine. It owns the worker threads, and it decides which of
// several ready lanes continues next.
//
// A worker takes, in this order: a lane that holds the turn, because it hashes the next block; a
// lane that starts; one of its own completions; a lane that yielded, on any thread. Lanes are
// resumed here and nowhere else, never inside submit or reap. A worker without work polls briefly,
// then sleeps in Engine::reap().
//
// If the engine has its own threads, those threads run the lanes instead. Each of them becomes one
// of the workers for the duration of a callback.
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
// to which the mechanism delivers the completion, or at once if the request finished inside the
// call.
struct Transfer : engine::Request {
  std::coroutine_handle<> coroutine;  // of the lane
  // A second engine that finishes every request inside the call; nullptr: the engine of the
  // scheduler.
  engine::Engine* via = nullptr;
  // With a rate: when the request was due; its latency counts from then. 0: when it was submitted.
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

// One thread that runs lanes, with its private state: completions it has taken, lanes that hold the
// turn, and what it records. Only that thread may access it, except for `idle`.
struct alignas(64) Worker {
  Scheduler* scheduler = nullptr;
  unsigned index = 0;
  engine::RequestQueue completed;
  WaiterQueue turn_holders;  // lanes that got the turn: they continue before all others
  WaiterQueue not_started;   // lanes that have not been resumed yet
  stats::Recorder recorder;
  // The last clock reading of this thread. A wait that follows at once begins at it without another
  // reading: a lane reads the clock when it submits, just before it waits.
  os::Ticks last_ticks = 0;
  std::atomic<bool> idle{false};  // asleep in reap(), or about to be
  // The log of this worker; only traced lanes use it. nullptr: no trace.
  stats::TraceLog* trace = nullptr;

  // True: the request is pending. False: it is done, and the lane continues.
  bool submit(Transfer& transfer);
  // The same for a lane that continues without waiting: the request is passed to the system at
  // once. If it is pending, its completion cannot be delivered before the lane awaits it, because
  // this thread delivers it. Therefore only for one thread, and not for an engine that has its own
  // threads.
  bool begin(Transfer& transfer);
  // Passes the requests submitted so far to the system.
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
  // Before start_threads(): passes each request to the system at once, whatever its size. With
  // direct access the device works while the next request is prepared; with batches it would
  // receive all requests at the same moment, and none until all are done.
  void submit_each() { submits_each_ = true; }
  // Before start(): statistics are kept per interval of `seconds` seconds. 0: the length is chosen
  // for the run.
  void keep_intervals(double seconds);
  // Before start(): traced lanes record their events in `pass`. nullptr: no trace.
  void trace_into(stats::TracePass* pass);
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
  std::uint64_t traced_events() const { return pass_ != nullptr ? pass_->added() : 0; }

  // For lanes.
  engine::Engine& engine() { return engine_; }
  double ns_per_tick() const { return ns_per_tick_; }
  // Whether each request is passed to the system as soon as its lane is suspended.
  bool submits_each() const { return submits_each_; }
  // Whether a thread may poll while it waits: there is a processor for each thread.
  bool may_spin() const { return spins_ > 0; }
  // Whether another thread is idle while `worker`, the worker of the caller, has more than one
  // lane.
  bool has_work_to_give(const Worker& worker) const;
  // Lets any thread that has time continue the lane. From a worker.
  void share(Waiter& waiter);
  // The same from a thread that is not a worker, and wakes a worker for it. Any thread.
  void post(Waiter& waiter);
  void lane_ended();
  // Does nothing except in a build with a planted slowdown.
  Slowdown& slowdown() { return slowdown_; }

 private:
  void completed(engine::Request& request) override;
  void woken() override;

  Status create_threads();
  bool enter(Worker& worker);
  void run(Worker& worker);
  void run_ready(Worker& worker);
  Waiter* next_waiter(Worker& worker);
  Waiter* take_shared();
  bool spin();
  void rest(Worker& worker);
  void rest_among_others(Worker& worker);
  void wake_one();
  void note_wait(Worker& worker, os::Ticks now);

  Worker& attach_worker();
  void leave(Worker& worker);

  engine::Engine& engine_;
  os::WakeEvent& done_;
  const double ns_per_tick_;
  const bool
      large_blocks_;  // large enough to submit each request at once, and to wake a thread for
  bool submits_each_;
  const unsigned spins_;
  stats::IntervalSettings intervals_;
  stats::TracePass* pass_ = nullptr;
  std::unique_ptr<Worker[]> workers_;
  const unsigned count_;
  // One worker, and no lane is posted from another thread: the worker sleeps until a completion
  // arrives.
  bool only_completions_;
  std::vector<std::thread> threads_;

  // The start: every thread has entered the engine, or failed to; then all continue.
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

// Awaited between two blocks. It lets any thread continue the lane if this thread has something
// more urgent: a lane that was passed the turn, or other lanes while another thread is idle.
// Otherwise the lane continues at once.
struct Yield : Waiter {
  bool await_ready() const noexcept;
  void await_suspend(std::coroutine_handle<> awaiting);
  void await_resume() const noexcept {}
};

static_assert(std::is_trivially_destructible_v<Yield>);

}  // namespace aiobench::run
