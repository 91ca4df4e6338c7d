// The one event that ends a wait of the main thread: a finished run, or Ctrl-C.
#pragma once

#include "base/error.h"
#include "os/interrupt.h"

namespace aiobench::tool {

// The first call begins to watch for Ctrl-C.
platform::WakeEvent& main_event();

}  // namespace aiobench::tool
