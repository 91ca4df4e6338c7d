// The terminal, and the command line as UTF-8. Sources: isatty(3), TIOCGWINSZ;
// GetCommandLineW, CommandLineToArgvW, GetConsoleMode in the Win32 reference.
#pragma once

#include <atomic>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "base/error.h"

namespace aiobench::os {

// Before anything is opened: a closed standard stream stays unusable instead of becoming the next
// file's. UTF-8 out, and no change of line ends on Windows, where stdout would turn \n into \r\n.
void prepare_console();

// The arguments without the program's name, in UTF-8 on Windows, byte for byte on Linux.
std::vector<std::string> arguments(int argc, char** argv);

bool stdout_is_terminal();
bool stderr_is_terminal();

// Whether that stream is a terminal that does what escape sequences say. Of the kind of the
// terminal (TERM) nothing is asked.
bool stdout_takes_escapes();
bool stderr_takes_escapes();

// Whether terminals show UTF-8, as the locale or the console has it.
bool terminals_show_utf8();

// Columns of the terminal behind stderr, or 80.
unsigned terminal_columns();

// The value of an environment variable, or empty.
std::string environment(const char* name);

// Ctrl-C. An interrupt (SIGINT, SIGTERM; CTRL_C_EVENT, CTRL_BREAK_EVENT) ends the process until
// somebody watches for it. From then on the first one asks the program to finish with what it has;
// a second one, not one told twice, ends the process at once. Sources: sigaction(2), eventfd(2);
// SetConsoleCtrlHandler in the Win32 reference.

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

// Which interrupt this is: the user's first, a second one, or the same one told twice. timeout(1)
// signals a program and then its process group; a terminal and a shell may both pass one on.

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

// What the interrupt code of each system and the code that they share know of each other.

// An interrupt has come. For a signal handler, or any thread.
void take_interrupt();

// The system's own. Has take_interrupt() called from now on, for each interrupt.
void install_interrupt_handler();

// The system's own. Writes `line` to stderr and ends the process with exit code 130, without
// destructors and without waiting for any lock. For a signal handler too.
[[noreturn]] void end_interrupted(std::string_view line);

// The system's own. Waits for another thread to end the process.
[[noreturn]] void wait_for_end();

// Interrupts before main(), and before somebody watches for them.

// An interrupt ends the process with one line on stderr and exit code 130, until
// watch_interrupts(). Without it Linux ends the process without a word, Windows with exit code
// 0xC000013A and Wine with that one or with 0, which is a success.
//
// A program that calls this has it so before main() already, from the first moment at which the
// system runs code of the program: the source file of this function is linked in, and the system
// finds in it what to call at the start. A program that does not call it, such as one that uses the
// library, keeps the handlers that it has.
void end_on_interrupts();

}  // namespace aiobench::os
