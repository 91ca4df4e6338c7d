#include "os/early_interrupt.h"

#include "os/interrupt_handler.h"

namespace aiobench::platform {
namespace {

// Called before the constructors of the program's own objects; priorities up to 100 belong to the
// compiler and its libraries.
[[gnu::constructor(101)]] void at_start() {
  install_interrupt_handler();
}

}  // namespace

void end_on_interrupts() {
  install_interrupt_handler();
}

}  // namespace aiobench::platform
