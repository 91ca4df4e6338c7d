// How long a worker looks for a completion before it sleeps. To be woken takes longer than a small
// request on a fast disk, above all in a virtual machine, where an idle processor is the host's: a
// loop disk gave 27 thousand requests a second to a worker that slept and 50 to one that looked.
// From a slow disk it learns to sleep at once. The processor time is the price, and is recorded.
// Source: the kernel's own guest halt polling (Documentation/virt/guest-halt-polling) does the
// same.
#pragma once

#include <algorithm>
#include <thread>

#include "engine/engine.h"
#include "os/clock.h"

namespace aiobench::engine {

class SpinPolicy {
 public:
  // With a processor left for whoever completes the requests, and unless the option `sleep` says
  // otherwise.
  void allow(const EngineConfig& config) {
    const bool free = config.threads < std::thread::hardware_concurrency();
    most_ = free && !config.options.has("sleep") ? ticks_of(kMostNs) : 0;
    usual_ = 0;
  }

  // Now the waiting begins. Whether to look first; after sleeping, slept() ends it.
  bool begin() {
    if (most_ == 0) return false;
    began_ = os::now_ticks();
    return usual_ <= most_ / 2;
  }
  // Looks until ready(), or as long as it pays. False: it is time to sleep. Nothing else is done in
  // the loop: a pause instruction tells a hypervisor that here is a processor to take away.
  template <class Ready>
  bool look(const Ready& ready) {
    while (!ready()) {
      if (os::now_ticks() - began_ > most_) return false;
    }
    note();
    return true;
  }
  void slept() {
    if (most_ != 0) note();
  }

 private:
  static constexpr double kMostNs = 120'000;

  static os::Ticks ticks_of(double ns) { return static_cast<os::Ticks>(ns / os::ns_per_tick()); }
  // A single long wait is no reason to sleep the next time, nor to do so for ever.
  void note() {
    const os::Ticks waited = std::min(os::now_ticks() - began_, 4 * most_);
    usual_ = usual_ - usual_ / 8 + waited / 8;
  }

  os::Ticks most_ = 0;
  os::Ticks usual_ = 0;  // how long completions were waited for of late
  os::Ticks began_ = 0;
};

}  // namespace aiobench::engine
