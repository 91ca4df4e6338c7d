#include "os/thread.h"

#include <windows.h>

namespace aiobench::platform {

void cpu_relax() {
  YieldProcessor();
}

void wake_on_time() {}

}  // namespace aiobench::platform
