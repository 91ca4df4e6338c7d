#include "os/cpu_time.h"

#include <windows.h>

#include "os/windows/wine.h"

namespace aiobench::platform {
namespace {

constexpr double kFileTimeSeconds = 1e-7;

double seconds(const FILETIME& time) {
  ULARGE_INTEGER value;
  value.LowPart = time.dwLowDateTime;
  value.HighPart = time.dwHighDateTime;
  return static_cast<double>(value.QuadPart) * kFileTimeSeconds;
}

}  // namespace

CpuTime process_cpu_time() {
  FILETIME created{};
  FILETIME ended{};
  FILETIME kernel{};
  FILETIME user{};
  if (!GetProcessTimes(GetCurrentProcess(), &created, &ended, &kernel, &user)) return {};
  return {seconds(user), seconds(kernel)};
}

// The kernel's time holds the idle one.
std::optional<SystemCpuTime> system_cpu_time() {
  FILETIME idle{};
  FILETIME kernel{};
  FILETIME user{};
  if (!GetSystemTimes(&idle, &kernel, &user)) return std::nullopt;
  const double all = seconds(kernel) + seconds(user);
  return SystemCpuTime{all - seconds(idle), all};
}

// Windows charges a whole clock interrupt to the thread that it finds running. Wine passes on what
// times(2) says.
double cpu_time_step_seconds() {
  constexpr double kWineStep = 0.01;
  constexpr double kUsualStep = 0.015625;
  if (under_wine()) return kWineStep;
  DWORD adjustment = 0;
  DWORD increment = 0;
  BOOL disabled = FALSE;
  if (!GetSystemTimeAdjustment(&adjustment, &increment, &disabled)) return kUsualStep;
  return static_cast<double>(increment) * kFileTimeSeconds;
}

}  // namespace aiobench::platform
