#include "run/planted_slowdown.h"

#include <cstdlib>
#include <string>

#include "base/error.h"
#include "os/console.h"
#include "os/host.h"

namespace aiobench::run {
namespace {

// The minimum time between two delays. During a delay another thread may continue with its block,
// of up to 8 MiB with mapped files; that time must be short compared with this one. delay_at_end()
// adds what is left at the end of the run.
constexpr double kMinNs = 10e6;

double percent_from_environment() {
  const std::string text = os::environment("AIOBENCH_PLANTED_SLOWDOWN_PERCENT");
  if (text.empty()) return 0;
  char* end = nullptr;
  const double percent = std::strtod(text.c_str(), &end);
  const bool planted_percentage_is_usable = *end == '\0' && percent >= 0 && percent <= 1000;
  AIOBENCH_CHECK(planted_percentage_is_usable);
  return percent;
}

void spin_until(os::Ticks ticks) {
  while (os::now_ticks() < ticks) os::cpu_relax();
}

}  // namespace

PlantedSlowdown::PlantedSlowdown()
    : PlantedSlowdown(percent_from_environment(),
                      static_cast<os::Ticks>(kMinNs / os::ns_per_tick())) {}

PlantedSlowdown::PlantedSlowdown(double percent, os::Ticks min)
    : share_(percent / 100), min_(min) {}

void PlantedSlowdown::delay() {
  if (share_ > 0) spin_until(delayed_until(os::now_ticks(), min_));
}

void PlantedSlowdown::delay_at_end() {
  if (share_ > 0) spin_until(delayed_until(os::now_ticks(), 0));
}

os::Ticks PlantedSlowdown::delayed_until(os::Ticks now, os::Ticks min) {
  os::Ticks resumed = resumed_.load();
  if (now < resumed) return resumed;
  const os::Ticks worked = now - resumed;
  if (worked < min) return now;
  const auto extra = static_cast<os::Ticks>(static_cast<double>(worked) * share_);
  // Of several threads that arrive at once, one sets the time for all.
  const os::Ticks until = now + extra;
  return resumed_.compare_exchange_strong(resumed, until) ? until : resumed;
}

}  // namespace aiobench::run
