// The handling of interrupts that is the same on every system.
#include "os/console.h"

#include <atomic>
#include <chrono>
#include <string_view>
#include <utility>

namespace aiobench::os {
namespace {

constexpr std::string_view kNothingDone = "aiobench: error: interrupted: nothing was measured\n";

// What an interrupt does. The phase leaves `ends_process` once: for `ending` by the handler or for
// `watched` by watch_interrupts(), whichever comes first.
enum class Phase : int { ends_process, ending, watched };

// Constant-initialised, so valid before any code of the program runs; used in signal handlers.
InterruptCount interrupts;
std::atomic<Phase> phase{Phase::ends_process};
std::atomic<WakeEvent*> watcher{nullptr};
std::atomic<int> holds{0};
std::atomic<bool> reported{false};
static_assert(std::atomic<Phase>::is_always_lock_free &&
              std::atomic<WakeEvent*>::is_always_lock_free &&
              std::atomic<int>::is_always_lock_free && std::atomic<bool>::is_always_lock_free);

Interrupt count_interrupt() {
  using std::chrono::milliseconds;
  const auto now = std::chrono::steady_clock::now().time_since_epoch();
  return interrupts.add(std::chrono::duration_cast<milliseconds>(now).count());
}

// Two threads may call this; the line is written once.
[[noreturn]] void end_with_report() {
  if (reported.exchange(true)) wait_for_end();
  end_interrupted(kNothingDone);
}

}  // namespace

void take_interrupt() {
  const Interrupt kind = count_interrupt();
  Phase found = Phase::ends_process;
  if (phase.compare_exchange_strong(found, Phase::ending)) {
    if (holds.load() == 0) end_with_report();
    return;
  }
  if (found == Phase::watched) {
    if (kind == Interrupt::second) end_interrupted("");
    watcher.load()->set();
  } else if (kind == Interrupt::second) {
    end_with_report();
  }
}

void watch_interrupts(WakeEvent& event) {
  watcher.store(&event);
  Phase found = Phase::ends_process;
  if (!phase.compare_exchange_strong(found, Phase::watched) && found == Phase::ending) {
    end_with_report();
  }
  install_interrupt_handler();
}

bool interrupted() {
  return interrupts.any();
}

// Either the handler sees this hold and leaves the end to its destructor, or this constructor sees
// that the handler has decided to end the process. An outer hold protects work that must be
// completed first.
InterruptHold::InterruptHold() {
  if (++holds == 1 && phase.load() == Phase::ending) end_with_report();
}

InterruptHold::InterruptHold(InterruptHold&& other) noexcept
    : holds_(std::exchange(other.holds_, false)) {}

InterruptHold::~InterruptHold() {
  if (holds_ && --holds == 0 && phase.load() == Phase::ending) end_with_report();
}

Error interrupted_error(std::string what) {
  Error error;
  error.kind = Error::Kind::interrupted;
  error.cause = "interrupted: " + std::move(what);
  return error;
}

}  // namespace aiobench::os
