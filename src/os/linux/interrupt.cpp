#include "os/interrupt.h"

#include <poll.h>
#include <signal.h>
#include <sys/eventfd.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <chrono>

#include "base/check.h"
#include "os/interrupt_handler.h"

namespace aiobench::platform {
namespace {

void on_signal(int) {
  const int saved = errno;
  take_interrupt();
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

void install_interrupt_handler() {
  struct sigaction action {};
  action.sa_handler = on_signal;
  action.sa_flags = SA_RESTART;
  // Neither interrupts the other's handler in the midst of its message.
  ::sigaddset(&action.sa_mask, SIGINT);
  ::sigaddset(&action.sa_mask, SIGTERM);
  ::sigaction(SIGINT, &action, nullptr);
  ::sigaction(SIGTERM, &action, nullptr);
}

void end_interrupted(std::string_view line) {
  constexpr int kInterruptedExit = 130;
  [[maybe_unused]] const ssize_t put = ::write(STDERR_FILENO, line.data(), line.size());
  ::_exit(kInterruptedExit);
}

void wait_for_end() {
  for (;;) ::pause();
}

}  // namespace aiobench::platform
