// The spin policy: how long a worker polls for a completion before it sleeps. A wake-up takes
// longer than a small request on a fast disk, in particular in a virtual machine, where an idle
// processor goes back to the host: on a loop disk a sleeping worker reached 27 thousand requests a
// second, a polling one 50 thousand. On a slow disk the policy learns to sleep immediately. Polling
// costs processor time, which the result reports. Source: the guest halt polling of the kernel does
// the same (Documentation/virt/guest-halt-polling).
#pragma once

#include <algorithm>
#include <thread>

#include "engine/engine.h"
#include "os/clock.h"

namespace aiobench::engine {

// Used by one thread.
class SpinPolicy {
 public:
  // Enables polling if a processor is left for the code that completes the requests, and the option
  // `sleep` is not set.
  void configure(const EngineConfig& config) {
    const bool free = config.threads < std::thread::hardware_concurrency();
    limit_ = free && !config.options.has("sleep") ? ticks_of(kLimitNs) : 0;
    average_ = 0;
  }

  // Starts a wait. Returns whether to poll first. A wait that sleeps ends with end_wait().
  bool begin_wait() {
    if (limit_ == 0) return false;
    start_ = os::now_ticks();
    return average_ <= limit_ / 2;
  }
  // Polls until ready() or until the time limit; false means that it is time to sleep. The loop
  // contains nothing else: a pause instruction would signal to a hypervisor that it may take the
  // processor away.
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
  // A moving average, so that a single long wait neither causes a sleep next time nor prevents
  // polling forever.
  void record_wait() {
    const os::Ticks waited = std::min(os::now_ticks() - start_, 4 * limit_);
    average_ = average_ - average_ / 8 + waited / 8;
  }

  os::Ticks limit_ = 0;
  os::Ticks average_ = 0;  // moving average of the recent waits
  os::Ticks start_ = 0;
};

}  // namespace aiobench::engine
