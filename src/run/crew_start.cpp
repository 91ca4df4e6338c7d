// How a crew comes together, before the clock starts: threads, their entry into the engine, lanes.
#include <fmt/core.h>

#include <cerrno>
#include <new>
#include <system_error>

#include "run/scheduler.h"

namespace aiobench::pipeline {

Error cannot_start_threads(unsigned count, int code) {
  Error error;
  error.code = code;
  error.operation = fmt::format("start {} thread{}", count, count == 1 ? "" : "s");
  error.cause = std::generic_category().message(code);
  error.hint = "use fewer --threads";
  return error;
}

void Crew::keep_intervals(double seconds) {
  // A tenth of a second shows what happens; a longer run needs no more than a hundred or so.
  constexpr measure::Cutting kDefault{.length = 0, .most = 128};
  constexpr double kDefaultSeconds = 0.1;
  constexpr std::size_t kMost = 100'000;
  cutting_ = kDefault;
  if (seconds > 0) cutting_.most = kMost;
  const double ns = (seconds > 0 ? seconds : kDefaultSeconds) * 1e9;
  cutting_.length = static_cast<platform::Ticks>(ns / ns_per_tick_);
}

void Crew::trace_into(measure::TracePass* pass) {
  pass_ = pass;
  if (pass == nullptr) return;
  for (unsigned i = 0; i < count_; ++i) workers_[i].trace = &pass->log(i);
}

Status Crew::muster() {
  if (engine_.has_own_threads()) return {};
  Status started = start_threads();
  std::unique_lock lock(mutex_);
  changed_.wait(lock, [&] { return entered_ == threads_.size(); });
  if (started && enter_failure_) return *enter_failure_;
  if (started && out_of_memory_) return cannot_start_threads(count_, ENOMEM);
  return started;
}

Status Crew::start_threads() {
  try {
    for (unsigned i = 0; i < count_; ++i) {
      threads_.emplace_back([this, i] { serve(workers_[i]); });
    }
  } catch (const std::system_error& failure) {
    return cannot_start_threads(count_, failure.code().value());
  }
  return {};
}

void Crew::start(std::vector<Lane>& lanes,
                 const std::function<void(platform::Ticks)>& clock_started) {
  lanes_left_ = lanes.size();
  for (std::size_t i = 0; i < lanes.size(); ++i) {
    Lane::promise_type& promise = lanes[i].promise();
    promise.crew = this;
    promise.start.lane = lanes[i].handle();
    // The engine's own threads are bound to no worker before they are there.
    if (engine_.has_own_threads()) {
      shared_.push(promise.start);
      ++shared_count_;
    } else {
      workers_[i % count_].start.push(promise.start);
    }
  }
  {
    const std::lock_guard lock(mutex_);
    started_ticks_ = platform::now_ticks();
    if (clock_started) clock_started(started_ticks_);
    slowdown_.begin(started_ticks_);
    for (unsigned i = 0; i < count_; ++i) workers_[i].recorder.begin(started_ticks_, cutting_);
    go_ = true;
  }
  changed_.notify_all();
  if (!engine_.has_own_threads()) return;
  for (unsigned i = 0; i < count_; ++i) engine_.wake(i);
}

// True: all have entered, and the run begins. False: some could not.
bool Crew::enter(Worker& worker) {
  Status entered;
  bool out_of_memory = false;
  try {
    entered = engine_.enter(worker.index);
  } catch (const std::bad_alloc&) {
    out_of_memory = true;  // no memory for a message either: muster() tells it
  }
  std::unique_lock lock(mutex_);
  ++entered_;
  out_of_memory_ = out_of_memory_ || out_of_memory;
  if (!entered && !enter_failure_) enter_failure_ = entered.take_error();
  changed_.notify_all();
  changed_.wait(lock, [&] { return go_ || dismissed_; });
  if (!dismissed_) return true;
  lock.unlock();
  engine_.leave(worker.index);
  return false;
}

}  // namespace aiobench::pipeline
