// The terminal, the command line, the environment and interrupts (Ctrl-C). Text is UTF-8. Sources:
// isatty(3), TIOCGWINSZ, sigaction(2), eventfd(2); GetCommandLineW, CommandLineToArgvW,
// GetConsoleMode, SetConsoleCtrlHandler in the Win32 reference.
#pragma once

#include <atomic>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "base/error.h"

namespace aiobench::os {

// Prepares the standard streams. Call it before any file is opened: it keeps a closed standard
// stream from becoming the next opened file. On Windows it also selects UTF-8 and binary mode, in
// which stdout does not turn \n into \r\n.
void prepare_console();

// The arguments without the name of the program. UTF-8 on Windows, unchanged bytes on Linux.
std::vector<std::string> arguments(int argc, char** argv);

bool stdout_is_terminal();
bool stderr_is_terminal();

// Whether the stream is a terminal that interprets escape sequences. TERM is not considered.
bool stdout_takes_escapes();
bool stderr_takes_escapes();

// Whether the locale (Linux) or the console (Windows) uses UTF-8.
bool terminals_show_utf8();

// The width of the terminal behind stderr in columns; 80 without a terminal.
unsigned terminal_columns();

// The value of an environment variable; empty if it is not set.
std::string environment(const char* name);

// An event that a thread waits for with a time limit. A signal handler may set it. One thread waits
// at a time.
class WakeEvent {
 public:
  WakeEvent();
  ~WakeEvent();
  WakeEvent(const WakeEvent&) = delete;
  WakeEvent& operator=(const WakeEvent&) = delete;

  // Sets the event. May be called from any thread and from a signal handler. Setting it twice is
  // the same as setting it once.
  void set();
  // Waits until the event is set or `timeout_ms` have passed, then clears it. Returns true if it
  // was set.
  bool wait(unsigned timeout_ms);

 private:
  std::intptr_t handle_;
};

// Interrupts are SIGINT and SIGTERM on Linux, CTRL_C_EVENT and CTRL_BREAK_EVENT on Windows. Until
// this call an interrupt ends the process. Afterwards the first one sets `event` and makes
// interrupted() true, so that the program can finish with the results it has. A second one ends the
// process immediately. `event` must live as long as the process.
void watch_interrupts(WakeEvent& event);

bool interrupted();

// While at least one InterruptHold exists, an interrupt does not end the process (see
// end_on_interrupts()). It protects work that must not be left half done, such as a temporary file.
// Any thread.
class InterruptHold {
 public:
  InterruptHold();
  InterruptHold(InterruptHold&& other) noexcept;
  InterruptHold& operator=(InterruptHold&&) = delete;
  // The destructor of the last hold ends the process if an interrupt has arrived meanwhile.
  ~InterruptHold();

 private:
  bool holds_ = true;
};

// The error of a function that an interrupt ended early. `what` states what was not done.
Error interrupted_error(std::string what);

// How an interrupt is counted. `echo` is the same interrupt delivered twice: timeout(1) signals a
// program and then its process group, and a terminal and a shell may both forward a signal.
enum class Interrupt { first, echo, second };

// Classifies interrupts. Lock-free, for signal handlers.
class InterruptCount {
 public:
  // Records an interrupt at `now_ms`, in milliseconds of any monotonic clock. An interrupt within
  // kEchoMs of the first is an echo: no user presses Ctrl-C twice that fast.
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

// Handles an interrupt. The system-specific handler calls it, from a signal handler or from any
// thread.
void take_interrupt();

// Installs a handler that calls take_interrupt() for each interrupt. Defined per system, like the
// two functions below.
void install_interrupt_handler();

// Writes `line` to stderr and ends the process with exit code 130, without running destructors or
// waiting for locks. May be called from a signal handler.
[[noreturn]] void end_interrupted(std::string_view line);

// Waits until another thread ends the process.
[[noreturn]] void wait_for_end();

// Makes an interrupt end the process with one line on stderr and exit code 130, until
// watch_interrupts() is called. Without it, Linux ends the process without a message, Windows with
// exit code 0xC000013A, and Wine with that code or with 0, which means success.
//
// In a program that calls this function the handler is installed even before main(): the call links
// in the source file whose start-up hook the system runs first. A program that does not call it,
// such as one that uses only the library, keeps its own handlers.
void end_on_interrupts();

}  // namespace aiobench::os
