#include "os/clock.h"

#include <windows.h>

namespace aiobench::os {

Ticks now_ticks() {
  LARGE_INTEGER now;
  QueryPerformanceCounter(&now);  // cannot fail since Windows XP
  return static_cast<Ticks>(now.QuadPart);
}

double ns_per_tick() {
  static const double ratio = [] {
    LARGE_INTEGER per_second;
    QueryPerformanceFrequency(&per_second);
    return 1e9 / static_cast<double>(per_second.QuadPart);
  }();
  return ratio;
}

const char* clock_name() {
  return "QueryPerformanceCounter";
}

}  // namespace aiobench::os
