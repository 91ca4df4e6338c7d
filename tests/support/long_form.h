// How much a test does.
#pragma once

#include "os/console.h"

namespace aiobench::test {

// Whether AIOBENCH_LONG=1 is set, as `scripts/test all` does: then tests do everything, otherwise a
// fair part of what takes long.
inline bool long_form() {
  return os::environment("AIOBENCH_LONG") == "1";
}

}  // namespace aiobench::test
