// Ends the alertable sleep of one thread from another, by an asynchronous procedure call that does
// nothing: what ends the sleep is that it ran. Source: QueueUserAPC in the Win32 reference.
#pragma once

#include <atomic>

#include "base/error.h"
#include "engine/windows/handle.h"

namespace aiobench::engine {

// The sleeper calls enter() once, and then sleeps alertably in a loop until take_wake() is true or
// it has something else to do: an APC may also come late, after its wake was taken.
class ApcWaker {
 public:
  Status enter();

  // Any thread, at any time, also before enter(). Several wakes before a take_wake() are one.
  void wake();

  // Whether somebody has called wake() since the last time.
  bool take_wake() { return woken_.exchange(false); }

 private:
  Handle owned_thread_;
  std::atomic<HANDLE> thread_{nullptr};  // what wake() may use; lives as long as this object
  std::atomic<bool> woken_{false};
};

}  // namespace aiobench::engine
