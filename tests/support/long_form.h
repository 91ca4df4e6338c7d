// Whether tests run in full.
#pragma once

#include "os/console.h"

namespace aiobench::test {

// True if AIOBENCH_LONG=1 is set, as by `scripts/test all`: tests do everything. Otherwise they do
// a representative part of what takes long.
inline bool long_form() {
  return os::environment("AIOBENCH_LONG") == "1";
}

}  // namespace aiobench::test
