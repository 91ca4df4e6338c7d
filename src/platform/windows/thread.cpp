#include "platform/thread.h"

#include <windows.h>

namespace aiobench::platform {

void cpu_relax() {
  YieldProcessor();
}

}  // namespace aiobench::platform
