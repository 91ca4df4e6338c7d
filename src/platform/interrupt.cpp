// The part of interrupts that is the same on every system.
#include "platform/interrupt.h"

#include <chrono>

#include "platform/interrupt_count.h"

namespace aiobench::platform {
namespace {

InterruptCount interrupts;

}  // namespace

Interrupt count_interrupt() {
  using std::chrono::milliseconds;
  const auto now = std::chrono::steady_clock::now().time_since_epoch();
  return interrupts.add(std::chrono::duration_cast<milliseconds>(now).count());
}

bool interrupted() {
  return interrupts.any();
}

Error interrupted_error(std::string what) {
  Error error;
  error.kind = Error::Kind::interrupted;
  error.cause = "interrupted: " + std::move(what);
  return error;
}

}  // namespace aiobench::platform
