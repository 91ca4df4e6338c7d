// The scheduler runs lanes over an engine: the threads that serve them, and the rule which of
// several ready lanes goes next.
//
// A thread takes, in this order: a lane that holds the turn (whoever holds the turn hashes next);
// a lane that starts; a completion of its own; a lane that yielded, its own or another
// thread's. resume() is called here and nowhere else, never inside submit or reap. A thread with
// nothing to do spins briefly, then sleeps in its engine's reap().
//
// With an engine that has threads of its own, those threads serve instead, each as one of the
// workers for as long as a callback lasts.
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

// One thread that serves lanes, with what it keeps to itself: completions it has taken, lanes that
// hold the turn, and what it records.

// The request that a lane awaits: submitting it is what `co_await transfer` does. The lane goes on
// in the thread to which the mechanism delivers the completion, or at once where the request was
// finished inside the call.
struct Transfer : engine::Request {
  std::coroutine_handle<> lane;
  // An engine besides the scheduler's, that finishes every request inside the call; nullptr: the
  // scheduler's.
  engine::Engine* via = nullptr;
  // When it should have been sent, where a pace is kept: its latency counts from then. 0: at once.
  os::Ticks due_ticks = 0;

  bool await_ready() const noexcept { return false; }
  bool await_suspend(std::coroutine_handle<> awaiting);
  void await_resume() const noexcept {}
};

static_assert(std::is_trivially_destructible_v<Transfer>);

// What a lane awaits whose transfer is on its way already: its completion.
struct PendingCompletion {
  Transfer* transfer = nullptr;

  bool await_ready() const noexcept { return false; }
  void await_suspend(std::coroutine_handle<> awaiting) const noexcept;
  void await_resume() const noexcept {}
};

static_assert(std::is_trivially_destructible_v<PendingCompletion>);

// Only the thread that serves as this worker touches it, but for `idle`.
struct alignas(64) Worker {
  Scheduler* scheduler = nullptr;
  unsigned index = 0;
  engine::RequestQueue completed;
  WaiterQueue turn;   // lanes that were handed the turn: they go before all others
  WaiterQueue start;  // lanes to be resumed for the first time
  stats::Recorder recorder;
  // The last reading of the clock here: where a wait begins that follows at once, without a reading
  // of its own. A lane submits before it waits, and that has just read the clock.
  os::Ticks last_ticks = 0;
  std::atomic<bool> idle{false};  // asleep in reap(), or about to be
  // Where a run is traced; traced lanes ask for no more than that.
  stats::TraceLog* trace = nullptr;

  // True: pending. False: the request is done, and the lane walks on.
  bool submit(Transfer& transfer);
  // The same for a lane that has something else to do first: the request goes to the system at
  // once. Pending, its completion cannot come before the lane awaits it, as this thread takes it:
  // hence not among several threads, nor with an engine that has threads of its own.
  bool begin(Transfer& transfer);
  // Gives the system what was submitted so far.
  void flush();
  // Counts a transfer that is done.
  void record(const Transfer& transfer);
  // Where transfers of that direction are counted.
  stats::Flow& flow(const Transfer& transfer) {
    return transfer.operation == engine::Operation::read ? recorder.reads : recorder.writes;
  }
};

// The worker that the calling thread serves as. A lane asks anew after every suspension, as it may
// have changed threads: never keep the reference across a co_await.
Worker& current_worker();
void set_current_worker(Worker* worker);

// What to tell where the system gives no more threads.
Error cannot_start_threads(unsigned count, int code);

class Scheduler final : private engine::CompletionHost {
 public:
  // `done` is set when the last lane has ended. Both outlive the scheduler.
  Scheduler(engine::Engine& engine, os::WakeEvent& done);
  ~Scheduler();

  // Before start_threads(): lanes will come by post().
  void expect_posts() { alone_ = false; }
  // Before start_threads(): each request goes to the system at once, whatever its size. A device
  // past the cache works while the next one is prepared; from a batch it would get all at the same
  // moment, and nothing until all are done.
  void submit_each() { submits_each_ = true; }
  // Before start(): what is counted is kept by interval, of so many seconds each; 0: of a length
  // that suits the run.
  void keep_intervals(double seconds);
  // Before start(): what happens is noted in `pass`, by lanes that are Traced. nullptr: it is not.
  void trace_into(stats::TracePass* pass);
  // Makes the threads and has them enter the engine; nothing runs yet.
  Status start_threads();
  // Starts the lanes and the clock. The lanes live until after join(). `clock_started` is told the
  // moment from which the clock counts, before any lane goes.
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
  // Whether each request goes to the system as soon as its lane is suspended.
  bool submits_each() const { return submits_each_; }
  // Whether a thread that waits keeps no other one from working.
  bool may_spin() const { return spins_ > 0; }
  // Whether another thread has nothing to do while `worker`, which asks, has more than one lane.
  bool has_work_to_give(const Worker& worker) const;
  // Hands a lane to whichever thread has time for it.
  void share(Waiter& lane);
  // The same from a thread that is none of the scheduler's; somebody is woken for it. Any thread.
  void post(Waiter& lane);
  void lane_ended();
  // Nothing, but in the build that is slow on purpose.
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
  const bool large_blocks_;  // worth handing each request over at once, and waking a thread for
  bool submits_each_;
  const unsigned spins_;
  stats::Cutting cutting_;
  stats::TracePass* pass_ = nullptr;
  std::unique_ptr<Worker[]> workers_;
  const unsigned count_;
  bool alone_;  // nobody could hand the one thread a lane: what it waits for is completions
  std::vector<std::thread> threads_;

  // The start: every thread has entered, or failed to; then all go.
  std::mutex mutex_;
  std::condition_variable changed_;
  unsigned entered_ = 0;                // guarded by mutex_
  std::optional<Error> enter_failure_;  // guarded by mutex_
  bool out_of_memory_ = false;          // guarded by mutex_
  bool go_ = false;                     // guarded by mutex_
  bool dismissed_ = false;              // guarded by mutex_; go home without serving
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

// What a lane awaits between two blocks. It gives itself into the hands of any thread that has
// time, if this thread has something better to do: a lane that was just handed the turn, or others
// while a thread has none. Else it walks on.
struct Yield : Waiter {
  bool await_ready() const noexcept;
  void await_suspend(std::coroutine_handle<> awaiting);
  void await_resume() const noexcept {}
};

static_assert(std::is_trivially_destructible_v<Yield>);

}  // namespace aiobench::run
