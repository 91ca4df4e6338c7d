// Lets requests go at a given rate, whether those before them are done or not: request k is due at
// start + k / rate. Its latency counts from that moment, so that a request which a stall kept from
// being sent is as late in the figures as it was for whoever wanted it. (Gil Tene: "coordinated
// omission".)
//
// A lane whose request is not due yet parks here; a thread of the pacer's own hands it to the crew
// in time. The threads that serve lanes never sleep for a date, as completions may come meanwhile.
#pragma once

#include <condition_variable>
#include <coroutine>
#include <mutex>
#include <thread>
#include <vector>

#include "base/error.h"
#include "run/parked.h"
#include "os/clock.h"

namespace aiobench::pipeline {

class Crew;
class Pacer;

// What a lane awaits before it sends a request. With no pacer it walks on.
struct Pace : Parked {
  Pacer* pacer = nullptr;
  platform::Ticks due_ticks = 0;

  bool await_ready() const noexcept { return pacer == nullptr; }
  bool await_suspend(std::coroutine_handle<> awaiting);
  void await_resume() const noexcept {}
};

class Pacer {
 public:
  // `crew` outlives the pacer.
  Pacer(Crew& crew, double requests_per_second);
  // No lane may be parked.
  ~Pacer();

  // Makes the thread.
  Status muster();
  // The schedule begins at `start_ticks`, the moment from which the run's clock counts: were it
  // another one, a run at a rate would seem faster or slower than that rate. Before any lane goes.
  void start(platform::Ticks start_ticks) { start_ticks_ = start_ticks; }
  // After start(): when that request is due.
  platform::Ticks due(std::uint64_t ticket) const;

  // True: `lane` is parked, and is no longer the caller's. False: it is due, or stop() was called.
  bool park(Pace& lane);
  // Hands out whoever is parked; from now on nobody is. Any thread.
  void stop();
  // Once every lane has ended: ends the thread. It may still be about to wake somebody for a lane
  // that another one took and brought to its end, so this comes before Crew::join().
  void join();

 private:
  void serve();
  void hand_out();

  Crew& crew_;
  const double interval_ticks_;
  platform::Ticks start_ticks_ = 0;

  std::mutex mutex_;
  std::condition_variable changed_;
  std::vector<Pace*> parked_;  // guarded by mutex_; a heap, the earliest first
  bool stopped_ = false;       // guarded by mutex_
  std::thread thread_;
};

}  // namespace aiobench::pipeline
