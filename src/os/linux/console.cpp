#include "os/console.h"

#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <sys/eventfd.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include <algorithm>
#include <cctype>
#include <cerrno>
#include <chrono>
#include <cstdlib>

#include "base/error.h"

namespace aiobench::os {

// A closed standard stream gets an unusable descriptor. Otherwise the next opened file would get
// its number, and printed text would go into that file.
void prepare_console() {
  for (int stream = STDIN_FILENO; stream <= STDERR_FILENO; ++stream) {
    if (::fcntl(stream, F_GETFD) < 0) ::open("/dev/null", O_RDONLY);
  }
}

std::vector<std::string> arguments(int argc, char** argv) {
  return {argv + 1, argv + argc};
}

bool stdout_is_terminal() {
  return ::isatty(STDOUT_FILENO) == 1;
}

bool stderr_is_terminal() {
  return ::isatty(STDERR_FILENO) == 1;
}

bool stdout_takes_escapes() {
  return stdout_is_terminal();
}

bool stderr_takes_escapes() {
  return stderr_is_terminal();
}

// Only the names are examined: the terminal may use UTF-8 without the locale being installed.
bool terminals_show_utf8() {
  for (const char* name : {"LC_ALL", "LC_CTYPE", "LANG"}) {
    std::string value = environment(name);
    if (value.empty()) continue;
    for (char& c : value) c = static_cast<char>(std::tolower(static_cast<unsigned char>(c)));
    return value.find("utf-8") != std::string::npos || value.find("utf8") != std::string::npos;
  }
  return false;
}

unsigned terminal_columns() {
  winsize size{};
  if (::ioctl(STDERR_FILENO, TIOCGWINSZ, &size) == 0 && size.ws_col > 0) return size.ws_col;
  return 80;
}

std::string environment(const char* name) {
  const char* const value = std::getenv(name);
  return value != nullptr ? value : "";
}

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
  // A signal interrupts poll(), possibly the one whose handler has set this event.
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
  // Neither signal interrupts the handler of the other while it writes its message.
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

namespace {

// Runs before the constructors of the program's own objects. Priorities up to 100 are reserved for
// the compiler and its libraries.
[[gnu::constructor(101)]] void at_start() {
  install_interrupt_handler();
}

}  // namespace

void end_on_interrupts() {
  install_interrupt_handler();
}

}  // namespace aiobench::os
