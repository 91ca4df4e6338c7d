// Part of the rig slowfs; see timetable.h.
#include "timetable.h"

#include <algorithm>

namespace slowfs {

Timetable::Timetable(const Speed& speed) : speed_(speed) {}

Duration Timetable::service_time() {
  const auto slow_of = [this](std::uint64_t requests) {
    return static_cast<std::uint64_t>(speed_.slow_share * static_cast<double>(requests));
  };
  const bool slow = requests_ >= speed_.slow_from || slow_of(requests_ + 1) > slow_of(requests_);
  ++requests_;
  return slow ? speed_.slow_latency : speed_.latency;
}

Clock::time_point Timetable::due(Clock::time_point arrival) {
  if (!first_) first_ = arrival;
  Clock::time_point start = arrival;
  if (busy_.size() >= speed_.at_once) {
    start = std::max(start, busy_.top());
    busy_.pop();
  }
  if (speed_.stall) {
    const Clock::time_point begin = *first_ + speed_.stall->after;
    const Clock::time_point end = begin + speed_.stall->length;
    if (start >= begin && start < end) start = end;
  }
  const Clock::time_point end = start + service_time();
  busy_.push(end);
  return end;
}

}  // namespace slowfs
