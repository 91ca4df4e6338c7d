// The model of a device of a given speed: when each request completes. No I/O.
#pragma once

#include <chrono>
#include <cstdint>
#include <optional>
#include <queue>
#include <vector>

namespace slowfs {

using Clock = std::chrono::steady_clock;
using Duration = std::chrono::nanoseconds;

// No request starts for `length`, beginning `after` after the first request.
struct Stall {
  Duration after{0};
  Duration length{0};
};

struct Speed {
  Duration latency{0};
  Duration slow_latency{0};              // of the slow requests
  double slow_share = 0;                 // of all requests, 0 to 1; evenly distributed
  std::uint64_t slow_from = UINT64_MAX;  // all requests from this one on are slow; counted from 0
  unsigned at_once = 4096;               // requests served concurrently; others wait in a queue
  std::optional<Stall> stall;
};

// A queue with `at_once` servers, each serving one request at a time. Not thread-safe.
class Timetable {
 public:
  explicit Timetable(const Speed& speed);

  // The completion time of a request that arrives at `arrival`. Call in order of arrival.
  Clock::time_point due(Clock::time_point arrival);

 private:
  Duration service_time();

  Speed speed_;
  std::uint64_t requests_ = 0;
  std::optional<Clock::time_point> first_;
  // When busy servers become free, the earliest on top.
  std::priority_queue<Clock::time_point, std::vector<Clock::time_point>, std::greater<>> busy_;
};

}  // namespace slowfs
