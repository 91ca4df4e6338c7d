// Ctrl-C before anybody watches for it.
#pragma once

namespace aiobench::platform {

// From now on an interrupt ends the process with exit code 130, until watch_interrupts(). The
// system's own way gives 0xC000013A under Windows and 0, a success, under Wine.
void install_interrupt_handler();

}  // namespace aiobench::platform
