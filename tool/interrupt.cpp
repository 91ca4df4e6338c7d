#include "tool/interrupt.h"

namespace aiobench::tool {

platform::WakeEvent& main_event() {
  // Never destroyed, as a signal may come until the very end.
  static platform::WakeEvent& event = []() -> platform::WakeEvent& {
    auto* const made = new platform::WakeEvent;
    platform::watch_interrupts(*made);
    return *made;
  }();
  return event;
}

}  // namespace aiobench::tool
