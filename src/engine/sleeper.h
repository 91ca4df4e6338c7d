// Where a worker sleeps whose mechanism has nothing of its own to wait on.
#pragma once

#include <condition_variable>
#include <mutex>

namespace aiobench::engine {

// One thread sleeps, any thread wakes it. A wake that comes before the sleep ends that sleep at
// once; several wakes before it count as one.
class Sleeper {
 public:
  void sleep() {
    std::unique_lock lock(mutex_);
    changed_.wait(lock, [&] { return woken_; });
    woken_ = false;
  }

  void wake() {
    const std::lock_guard lock(mutex_);
    woken_ = true;
    changed_.notify_one();
  }

 private:
  std::mutex mutex_;
  std::condition_variable changed_;
  bool woken_ = false;
};

}  // namespace aiobench::engine
