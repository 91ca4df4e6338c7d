// Which interrupt this is: the user's first, a second one, or the same one told twice. timeout(1)
// signals a program and then its process group; a terminal and a shell may both pass one on.
#pragma once

#include <atomic>
#include <cstdint>

namespace aiobench::platform {

enum class Interrupt { first, echo, second };

// Lock-free: for signal handlers.
class InterruptCount {
 public:
  // An interrupt has come at `now_ms`, milliseconds of any monotonic clock. Nobody presses Ctrl-C
  // twice within kEchoMs.
  Interrupt add(std::int64_t now_ms) {
    std::int64_t first = kNone;
    if (first_ms_.compare_exchange_strong(first, now_ms)) return Interrupt::first;
    return now_ms - first < kEchoMs ? Interrupt::echo : Interrupt::second;
  }
  bool any() const { return first_ms_.load(std::memory_order_relaxed) != kNone; }

  static constexpr std::int64_t kEchoMs = 100;

 private:
  static constexpr std::int64_t kNone = INT64_MIN;
  std::atomic<std::int64_t> first_ms_{kNone};
  static_assert(std::atomic<std::int64_t>::is_always_lock_free);
};

}  // namespace aiobench::platform
