// Interrupts before main(), and before somebody watches for them.
#pragma once

namespace aiobench::platform {

// An interrupt ends the process with one line on stderr and exit code 130, until
// watch_interrupts(). Without it Linux ends the process without a word, Windows with exit code
// 0xC000013A and Wine with that one or with 0, which is a success.
//
// A program that calls this has it so before main() already, from the first moment at which the
// system runs code of the program: the source file of this function is linked in, and the system
// finds in it what to call at the start. A program that does not call it, such as one that uses the
// library, keeps the handlers that it has.
void end_on_interrupts();

}  // namespace aiobench::platform
