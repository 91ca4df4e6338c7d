#include "run/own_cost.h"

#include <algorithm>
#include <limits>

#include "base/check.h"
#include "base/units.h"
#include "engine/registry.h"
#include "run/read_run.h"
#include "os/clock.h"

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

constexpr std::uint64_t kRequests = 20'000;

struct Pass {
  double wall_ns = 0;
  std::uint64_t traced_events = 0;
};

// kRequests through lanes, plan, recorder and the engine `null`, which does nothing; traced or not.
// Nothing where it was interrupted.
Pass null_pass(platform::WakeEvent& event, bool traced) {
  constexpr std::uint32_t kBlock = 4 * kKiB;
  const engine::EngineConfig config{.depth = 8,
                                    .threads = 1,
                                    .block_bytes = kBlock,
                                    .buffers = {},
                                    .buffer_stride = 0,
                                    .options = {}};
  RunSettings settings;
  settings.depth = config.depth;
  settings.block_bytes = kBlock;
  const auto trace = traced ? std::make_unique<measure::Trace>(3 * kRequests) : nullptr;
  settings.trace = trace.get();
  ReadSettings read;
  read.bytes = kRequests * kBlock;
  Result<std::unique_ptr<engine::Engine>> null = engine::find_maker("null")->make(config);
  AIOBENCH_CHECK(null);
  engine::AttachedFile file;
  file.bytes = kGiB;
  const RunOutcome outcome = read_attached(**null, file, settings, read, event);
  if (outcome.failure || outcome.totals.reads.requests != kRequests) return {};
  return {outcome.wall_seconds * 1e9, outcome.traced_events};
}

Pass fastest_null_pass(platform::WakeEvent& event, bool traced) {
  Pass fastest;
  for (int i = 0; i < kTries; ++i) {
    const Pass pass = null_pass(event, traced);
    if (pass.wall_ns == 0) return {};
    if (i == 0 || pass.wall_ns < fastest.wall_ns) fastest = pass;
  }
  return fastest;
}

}  // namespace

measure::OwnCost own_cost(platform::WakeEvent& event) {
  const Pass plain = fastest_null_pass(event, false);
  return {clock_cost_ns(), plain.wall_ns / static_cast<double>(kRequests)};
}

double trace_event_cost_ns(platform::WakeEvent& event) {
  const Pass plain = fastest_null_pass(event, false);
  const Pass traced = fastest_null_pass(event, true);
  if (plain.wall_ns == 0 || traced.traced_events == 0) return 0;
  const double events = static_cast<double>(traced.traced_events);
  return std::max(0.0, (traced.wall_ns - plain.wall_ns) / events);
}

}  // namespace aiobench::pipeline
