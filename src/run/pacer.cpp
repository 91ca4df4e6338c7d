#include "run/pacer.h"

#include <algorithm>
#include <chrono>
#include <system_error>

#include "base/check.h"
#include "run/scheduler.h"
#include "os/thread.h"

namespace aiobench::pipeline {
namespace {

bool is_later(const Pace* a, const Pace* b) {
  return a->due_ticks > b->due_ticks;
}

}  // namespace

bool Pace::await_suspend(std::coroutine_handle<> awaiting) {
  lane = awaiting;
  return pacer->park(*this);
}

Pacer::Pacer(Crew& crew, double requests_per_second)
    : crew_(crew), interval_ticks_(1e9 / requests_per_second / platform::ns_per_tick()) {}

Pacer::~Pacer() {
  join();
  AIOBENCH_CHECK(parked_.empty());
}

Status Pacer::muster() {
  try {
    thread_ = std::thread([this] { serve(); });
  } catch (const std::system_error& failure) {
    return cannot_start_threads(1, failure.code().value());
  }
  return {};
}

void Pacer::join() {
  stop();
  if (thread_.joinable()) thread_.join();
}

platform::Ticks Pacer::due(std::uint64_t ticket) const {
  return start_ticks_ + static_cast<platform::Ticks>(static_cast<double>(ticket) * interval_ticks_);
}

bool Pacer::park(Pace& lane) {
  if (platform::now_ticks() >= lane.due_ticks) return false;
  const std::lock_guard lock(mutex_);
  if (stopped_) return false;
  parked_.push_back(&lane);
  std::push_heap(parked_.begin(), parked_.end(), is_later);
  if (parked_.front() == &lane) changed_.notify_one();
  return true;
}

void Pacer::stop() {
  const std::lock_guard lock(mutex_);
  stopped_ = true;
  changed_.notify_one();
}

// Under the lock. After that the lane is the crew's, and may be gone.
void Pacer::hand_out() {
  std::pop_heap(parked_.begin(), parked_.end(), is_later);
  Pace* const lane = parked_.back();
  parked_.pop_back();
  crew_.hand_in(*lane);
}

void Pacer::serve() {
  platform::wake_on_time();
  std::unique_lock lock(mutex_);
  while (!stopped_ || !parked_.empty()) {
    const platform::Ticks now = platform::now_ticks();
    if (!parked_.empty() && (stopped_ || parked_.front()->due_ticks <= now)) {
      hand_out();
    } else if (parked_.empty()) {
      changed_.wait(lock);
    } else {
      const double left_ns = platform::ticks_to_ns(parked_.front()->due_ticks - now);
      changed_.wait_for(lock, std::chrono::nanoseconds(static_cast<std::int64_t>(left_ns)));
    }
  }
}

}  // namespace aiobench::pipeline
