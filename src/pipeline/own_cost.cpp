#include "pipeline/own_cost.h"

#include <algorithm>
#include <limits>

#include "base/check.h"
#include "base/size.h"
#include "engine/catalog.h"
#include "pipeline/read_run.h"
#include "platform/clock.h"

namespace aiobench::pipeline {
namespace {

// The least of some tries: what disturbs one only adds to it.
constexpr int kTries = 3;

double clock_cost_ns() {
  constexpr unsigned kReadings = 1000;
  double least = std::numeric_limits<double>::max();
  for (int i = 0; i < kTries; ++i) {
    const platform::Ticks begin = platform::now_ticks();
    platform::Ticks end = begin;
    for (unsigned k = 0; k < kReadings; ++k) end = platform::now_ticks();
    least = std::min(least, platform::ticks_to_ns(end - begin) / kReadings);
  }
  return least;
}

// Through lanes, plan, recorder and the engine `null`, which does nothing.
double request_cost_ns(platform::WakeEvent& event) {
  constexpr std::uint32_t kBlock = 4 * kKiB;
  constexpr std::uint64_t kRequests = 20'000;
  const engine::EngineConfig config{.depth = 8,
                                    .threads = 1,
                                    .block_bytes = kBlock,
                                    .buffers = {},
                                    .buffer_stride = 0,
                                    .options = {}};
  RunSettings settings;
  settings.depth = config.depth;
  settings.block_bytes = kBlock;
  ReadSettings read;
  read.bytes = kRequests * kBlock;
  double least = 0;
  for (int i = 0; i < kTries; ++i) {
    Result<std::unique_ptr<engine::Engine>> null = engine::find_maker("null")->make(config);
    AIOBENCH_CHECK(null);
    engine::AttachedFile file;
    file.bytes = kGiB;
    const RunOutcome outcome = read_attached(**null, file, settings, read, event);
    if (outcome.failure || outcome.totals.reads.requests != kRequests) return 0;
    const double each = outcome.wall_seconds * 1e9 / static_cast<double>(kRequests);
    least = least == 0 ? each : std::min(least, each);
  }
  return least;
}

}  // namespace

measure::OwnCost own_cost(platform::WakeEvent& event) {
  return {clock_cost_ns(), request_cost_ns(event)};
}

}  // namespace aiobench::pipeline
