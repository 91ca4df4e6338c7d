// When a device of a given speed answers: the arithmetic of the rig, without any file system.
#pragma once

#include <chrono>
#include <cstdint>
#include <optional>
#include <queue>
#include <vector>

namespace slowfs {

using Clock = std::chrono::steady_clock;
using Duration = std::chrono::nanoseconds;

// From `after` the first request on, nothing is begun for `length`.
struct Stall {
  Duration after{0};
  Duration length{0};
};

struct Speed {
  Duration latency{0};
  Duration slow_latency{0};              // of the slow requests
  double slow_share = 0;                 // of all requests, 0 to 1; evenly spread
  std::uint64_t slow_from = UINT64_MAX;  // and all from this one on, counted from 0
  unsigned at_once = 4096;  // requests that are served at the same time; others queue up
  std::optional<Stall> stall;
};

// A queue before `at_once` servers, each of which serves one request at a time. One thread.
class Timetable {
 public:
  explicit Timetable(const Speed& speed);

  // When the answer is due to a request that arrives at `arrival`; called in order of arrival.
  Clock::time_point due(Clock::time_point arrival);

 private:
  Duration service_time();

  Speed speed_;
  std::uint64_t requests_ = 0;
  std::optional<Clock::time_point> first_;
  // The moments at which busy servers become free, the earliest on top.
  std::priority_queue<Clock::time_point, std::vector<Clock::time_point>, std::greater<>> busy_;
};

}  // namespace slowfs
