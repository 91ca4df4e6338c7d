#include "os/thread.h"

#include <sys/prctl.h>

#if defined(__x86_64__)
#include <immintrin.h>
#endif

namespace aiobench::platform {

#if defined(__x86_64__)

void cpu_relax() {
  _mm_pause();
}

#elif defined(__aarch64__)

void cpu_relax() {
  asm volatile("yield");
}

#else

void cpu_relax() {}

#endif

void wake_on_time() {
  ::prctl(PR_SET_TIMERSLACK, 1);
}

}  // namespace aiobench::platform
