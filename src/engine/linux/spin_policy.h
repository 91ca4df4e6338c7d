// The spin policy: whether, and how long, a worker polls for a completion before it sleeps. A
// wake-up takes longer than a small request on a fast disk, in particular in a virtual machine,
// where an idle processor goes back to the host: on a loop disk a worker that sleeps reached 27
// thousand requests a second, and one that polls 50 thousand. If recent waits were long on average,
// as on a slow disk, the worker sleeps without polling. Polling takes processor time, which the
// result reports. Source: the guest halt polling of the kernel does the same
// (Documentation/virt/guest-halt-polling).
#pragma once

#include <algorithm>
#include <thread>

#include "engine/engine.h"
#include "os/clock.h"

namespace aiobench::engine {

// Used by one thread.
class SpinPolicy {
 public:
  // Enables polling if there are more processors than workers, because the threads that complete
  // the requests need one too, and if the option `sleep` is not set.
  void configure(const EngineConfig& config) {
    const bool free = config.threads < std::thread::hardware_concurrency();
    limit_ = free && !config.options.has("sleep") ? ticks_of(kLimitNs) : 0;
    average_ = 0;
  }

  // Starts a wait. Returns whether to poll first: the recent waits took at most half the time limit
  // on average. A wait that sleeps ends with end_wait().
  bool begin_wait() {
    if (limit_ == 0) return false;
    start_ = os::now_ticks();
    return average_ <= limit_ / 2;
  }
  // Polls until ready() is true or the time limit is reached; false: the time limit, so the caller
  // sleeps. The loop contains no pause instruction, because that would signal to a hypervisor that
  // it may take the processor away.
  template <class Ready>
  bool poll(const Ready& ready) {
    while (!ready()) {
      if (os::now_ticks() - start_ > limit_) return false;
    }
    record_wait();
    return true;
  }
  void end_wait() {
    if (limit_ != 0) record_wait();
  }

 private:
  static constexpr double kLimitNs = 120'000;

  static os::Ticks ticks_of(double ns) { return static_cast<os::Ticks>(ns / os::ns_per_tick()); }
  // Adds a wait to the average. It counts as four limits at most, so that even after very long
  // waits some short ones are enough to poll again.
  void record_wait() {
    const os::Ticks waited = std::min(os::now_ticks() - start_, 4 * limit_);
    average_ = average_ - average_ / 8 + waited / 8;
  }

  os::Ticks limit_ = 0;
  os::Ticks average_ = 0;  // moving average of the recent waits
  os::Ticks start_ = 0;
};

}  // namespace aiobench::engine
