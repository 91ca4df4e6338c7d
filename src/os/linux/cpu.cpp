#include "os/cpu.h"

namespace aiobench::platform {

#if defined(__x86_64__)

bool cpu_has_avx2() {
  return __builtin_cpu_supports("avx2") != 0;
}
bool cpu_has_avx512() {
  return __builtin_cpu_supports("avx512f") != 0;
}

#else

bool cpu_has_avx2() {
  return false;
}
bool cpu_has_avx512() {
  return false;
}

#endif

}  // namespace aiobench::platform
