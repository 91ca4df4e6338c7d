#include "platform/interrupt.h"

#include <poll.h>
#include <signal.h>
#include <sys/eventfd.h>
#include <unistd.h>

#include <algorithm>
#include <atomic>
#include <cerrno>
#include <chrono>

#include "base/check.h"
#include "platform/interrupt_count.h"

namespace aiobench::platform {
namespace {

std::atomic<WakeEvent*> watcher{nullptr};
static_assert(std::atomic<WakeEvent*>::is_always_lock_free, "used in a signal handler");

void on_signal(int) {
  constexpr int kInterruptedExit = 130;
  const int saved = errno;
  if (count_interrupt() == Interrupt::second) ::_exit(kInterruptedExit);
  if (WakeEvent* const event = watcher.load()) event->set();
  errno = saved;
}

}  // namespace

WakeEvent::WakeEvent() : handle_(::eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK)) {
  AIOBENCH_CHECK(handle_ >= 0);
}

WakeEvent::~WakeEvent() {
  ::close(static_cast<int>(handle_));
}

void WakeEvent::set() {
  const std::uint64_t one = 1;
  [[maybe_unused]] const ssize_t put = ::write(static_cast<int>(handle_), &one, sizeof(one));
}

bool WakeEvent::wait(unsigned timeout_ms) {
  using Clock = std::chrono::steady_clock;
  const Clock::time_point end = Clock::now() + std::chrono::milliseconds(timeout_ms);
  pollfd item{static_cast<int>(handle_), POLLIN, 0};
  int ready = ::poll(&item, 1, static_cast<int>(timeout_ms));
  // A signal ends poll() early, perhaps the very one whose handler has set this event.
  while (ready < 0 && errno == EINTR) {
    const auto left = std::chrono::ceil<std::chrono::milliseconds>(end - Clock::now()).count();
    ready = ::poll(&item, 1, static_cast<int>(std::max<std::int64_t>(left, 0)));
  }
  if (ready <= 0) return false;
  std::uint64_t count = 0;
  return ::read(static_cast<int>(handle_), &count, sizeof(count)) == sizeof(count);
}

void watch_interrupts(WakeEvent& event) {
  watcher.store(&event);
  struct sigaction action {};
  action.sa_handler = on_signal;
  action.sa_flags = SA_RESTART;
  ::sigaction(SIGINT, &action, nullptr);
  ::sigaction(SIGTERM, &action, nullptr);
}

}  // namespace aiobench::platform
