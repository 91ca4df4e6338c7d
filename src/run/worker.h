// One thread that serves lanes, with what it keeps to itself: completions it has taken, lanes that
// hold the turn, and what it records.
#pragma once

#include <atomic>
#include <coroutine>
#include <type_traits>

#include "engine/engine.h"
#include "stats/recorder.h"
#include "stats/trace.h"
#include "run/parked.h"

namespace aiobench::pipeline {

class Crew;

// The request that a lane awaits: submitting it is what `co_await transfer` does. The lane goes on
// in the thread to which the mechanism delivers the completion, or at once where the request was
// finished inside the call.
struct Transfer : engine::Request {
  std::coroutine_handle<> lane;
  // An engine besides the crew's, that finishes every request inside the call; nullptr: the crew's.
  engine::Engine* via = nullptr;
  // When it should have been sent, where a pace is kept: its latency counts from then. 0: at once.
  platform::Ticks due_ticks = 0;

  bool await_ready() const noexcept { return false; }
  bool await_suspend(std::coroutine_handle<> awaiting);
  void await_resume() const noexcept {}
};

static_assert(std::is_trivially_destructible_v<Transfer>);

// What a lane awaits whose transfer is on its way already: its completion.
struct Landing {
  Transfer* transfer = nullptr;

  bool await_ready() const noexcept { return false; }
  void await_suspend(std::coroutine_handle<> awaiting) const noexcept;
  void await_resume() const noexcept {}
};

static_assert(std::is_trivially_destructible_v<Landing>);

// Only the thread that serves as this worker touches it, but for `idle`.
struct alignas(64) Worker {
  Crew* crew = nullptr;
  unsigned index = 0;
  engine::RequestQueue completed;
  ParkedQueue turn;   // lanes that were handed the turn: they go before all others
  ParkedQueue start;  // lanes to be resumed for the first time
  measure::Recorder recorder;
  // The last reading of the clock here: where a wait begins that follows at once, without a reading
  // of its own. A lane submits before it waits, and that has just read the clock.
  platform::Ticks last_ticks = 0;
  std::atomic<bool> idle{false};  // asleep in reap(), or about to be
  // Where a run is traced; traced lanes ask for no more than that.
  measure::TraceLog* trace = nullptr;

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
  measure::Flow& flow(const Transfer& transfer) {
    return transfer.operation == engine::Operation::read ? recorder.reads : recorder.writes;
  }
};

// The worker that the calling thread serves as. A lane asks anew after every suspension, as it may
// have changed threads: never keep the reference across a co_await.
Worker& current_worker();
void set_current_worker(Worker* worker);

}  // namespace aiobench::pipeline
