// Test support, proves nothing itself: see sample_sides.h.
#include "result/sample_sides.h"

#include "result/sample_result.h"

namespace aiobench::test {

result::Run run_of(const std::vector<double>& wall_seconds, std::uint64_t first_start,
                   std::uint64_t step) {
  result::Run run = sample_run();
  const result::Repetition sample = run.repetitions.front();
  run.repetitions.clear();
  for (const double seconds : wall_seconds) {
    run.repetitions.push_back(sample);
    run.repetitions.back().wall_seconds = seconds;
    if (first_start == 0) continue;
    run.repetitions.back().started_unix_ns = first_start + step * (run.repetitions.size() - 1);
  }
  return run;
}

result::Side side_of(const std::string& path, std::vector<result::Run> runs) {
  result::Side side{.path = path, .results = {sample_result()}};
  side.results.front().runs = std::move(runs);
  return side;
}

std::vector<double> quiet_seconds(double factor) {
  std::vector<double> seconds;
  for (const double one : {1.50, 1.51, 1.49, 1.505, 1.495, 1.515, 1.485, 1.5}) {
    seconds.push_back(one * factor);
  }
  return seconds;
}

}  // namespace aiobench::test
