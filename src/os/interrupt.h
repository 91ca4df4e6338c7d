// Ctrl-C. An interrupt (SIGINT, SIGTERM; CTRL_C_EVENT, CTRL_BREAK_EVENT) ends the process until
// somebody watches for it. From then on the first one asks the program to finish with what it has;
// a second one, not one told twice, ends the process at once. Sources: sigaction(2), eventfd(2);
// SetConsoleCtrlHandler in the Win32 reference.
#pragma once

#include <cstdint>
#include <string>

#include "base/error.h"

namespace aiobench::platform {

// Something to wait for with a time limit, that a signal handler may set too. One waiter.
class WakeEvent {
 public:
  WakeEvent();
  ~WakeEvent();
  WakeEvent(const WakeEvent&) = delete;
  WakeEvent& operator=(const WakeEvent&) = delete;

  // Any thread, and a signal handler. Setting a set event changes nothing.
  void set();
  // Waits until set or `timeout_ms` have passed, and clears. True if it was set.
  bool wait(unsigned timeout_ms);

 private:
  std::intptr_t handle_;
};

// From now on an interrupt sets `event` and makes interrupted() true. `event` lives as long as
// the process.
void watch_interrupts(WakeEvent& event);

bool interrupted();

// Delays an interrupt that ends the process (end_on_interrupts() in platform/early_interrupt.h) as
// long as one of these exists: for what must not be left half done. Any thread.
class InterruptHold {
 public:
  InterruptHold();
  InterruptHold(InterruptHold&& other) noexcept;
  InterruptHold& operator=(InterruptHold&&) = delete;
  // The last one ends the process if an interrupt has come.
  ~InterruptHold();

 private:
  bool holds_ = true;
};

// What a function returns that an interrupt has ended early.
Error interrupted_error(std::string what);

}  // namespace aiobench::platform
