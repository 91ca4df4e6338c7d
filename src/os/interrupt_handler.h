// What the interrupt code of each system and the code that they share know of each other.
#pragma once

#include <string_view>

namespace aiobench::platform {

// An interrupt has come. For a signal handler, or any thread.
void take_interrupt();

// The system's own. Has take_interrupt() called from now on, for each interrupt.
void install_interrupt_handler();

// The system's own. Writes `line` to stderr and ends the process with exit code 130, without
// destructors and without waiting for any lock. For a signal handler too.
[[noreturn]] void end_interrupted(std::string_view line);

// The system's own. Waits for another thread to end the process.
[[noreturn]] void wait_for_end();

}  // namespace aiobench::platform
