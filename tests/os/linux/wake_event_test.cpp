// Proves that a signal neither shortens a wait nor is lost during one. This is how Ctrl-C reaches a
// waiting program.
#include <doctest/doctest.h>
#include <pthread.h>
#include <signal.h>

#include <atomic>
#include <chrono>
#include <thread>

#include "os/console.h"

namespace aiobench::os {
namespace {

using Steady = std::chrono::steady_clock;

std::atomic<WakeEvent*> to_set{nullptr};
std::atomic<int> signals{0};

void on_signal(int) {
  ++signals;
  if (WakeEvent* const event = to_set.load()) event->set();
}

// Handles SIGUSR1 until the end of a test.
class Handler {
 public:
  explicit Handler(WakeEvent* event) {
    to_set.store(event);
    signals.store(0);
    struct sigaction action {};
    action.sa_handler = on_signal;
    action.sa_flags = SA_RESTART;
    ::sigaction(SIGUSR1, &action, &old_);
  }
  ~Handler() {
    ::sigaction(SIGUSR1, &old_, nullptr);
    to_set.store(nullptr);
  }
  Handler(const Handler&) = delete;
  Handler& operator=(const Handler&) = delete;

 private:
  struct sigaction old_ {};
};

double seconds_since(Steady::time_point start) {
  return std::chrono::duration<double>(Steady::now() - start).count();
}

// Sends SIGUSR1 to the calling thread after a delay.
std::thread send_soon(std::chrono::milliseconds delay) {
  return std::thread([delay, target = ::pthread_self()] {
    std::this_thread::sleep_for(delay);
    ::pthread_kill(target, SIGUSR1);
  });
}

TEST_CASE("WakeEvent: a signal handler that sets it ends the wait") {
  WakeEvent event;
  const Handler handler(&event);
  std::thread sender = send_soon(std::chrono::milliseconds(50));
  const auto start = Steady::now();
  const bool was_set = event.wait(10'000);
  const double waited = seconds_since(start);
  sender.join();
  CHECK(signals.load() == 1);
  CHECK(was_set);
  CHECK(waited < 5);
}

TEST_CASE("WakeEvent: a signal that does not set it does not end the wait") {
  WakeEvent event;
  const Handler handler(nullptr);
  std::thread sender = send_soon(std::chrono::milliseconds(50));
  const auto start = Steady::now();
  const bool was_set = event.wait(300);
  const double waited = seconds_since(start);
  sender.join();
  CHECK(signals.load() == 1);
  CHECK_FALSE(was_set);
  CHECK(waited >= 0.29);
}

}  // namespace
}  // namespace aiobench::os
