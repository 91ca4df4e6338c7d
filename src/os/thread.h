// Small things about threads that the standard library lacks.
#pragma once

namespace aiobench::platform {

// Tells the core that this thread waits in a loop (x86 PAUSE).
void cpu_relax();

// From now on the calling thread's timed waits end as close to their time as the system can:
// prctl(2), PR_SET_TIMERSLACK. Windows has nothing for one thread, and 1 to 16 ms steps.
void wake_on_time();

}  // namespace aiobench::platform
