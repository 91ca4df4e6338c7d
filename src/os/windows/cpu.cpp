#include "os/cpu.h"

#include <windows.h>

namespace aiobench::platform {
namespace {

// The numbers that IsProcessorFeaturePresent() documents; older headers lack the names.
constexpr DWORD kAvx2 = 40;
constexpr DWORD kAvx512 = 41;

}  // namespace

bool cpu_has_avx2() {
  return IsProcessorFeaturePresent(kAvx2) != 0;
}
bool cpu_has_avx512() {
  return IsProcessorFeaturePresent(kAvx512) != 0;
}

}  // namespace aiobench::platform
