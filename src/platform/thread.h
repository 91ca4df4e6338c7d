// Small things about threads that the standard library lacks.
#pragma once

namespace aiobench::platform {

// Tells the core that this thread waits in a loop (x86 PAUSE).
void cpu_relax();

}  // namespace aiobench::platform
