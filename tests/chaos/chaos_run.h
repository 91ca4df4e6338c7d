// Test support: what the chaos tests of all kinds of run share.
#pragma once

#include <doctest/doctest.h>

#include <cstdlib>
#include <string>
#include <string_view>

#include "chaos/chaos_engine.h"
#include "chaos/chaos_scenario.h"
#include "engine/registry.h"
#include "os/console.h"
#include "run/run.h"
#include "support/long_form.h"

namespace aiobench::test {

// Buffers for one run, and an engine configuration that uses them.
class Stage {
 public:
  Stage(const Settings& settings, unsigned buffers) {
    const std::size_t stride = settings.block_bytes;
    REQUIRE(pool_.reserve(buffers, stride));
    config_ = {.depth = settings.depth,
               .threads = settings.threads,
               .block_bytes = settings.block_bytes,
               .buffers = pool_.span().first(buffers * stride),
               .buffer_stride = stride,
               .options = {}};
  }
  const engine::EngineConfig& config() const { return config_; }

 private:
  run::BufferPool pool_;
  engine::EngineConfig config_;
};

// Calls `body` with the engine of `s`, with or without its own threads, and `buffers` buffers.
// Checks that nothing is in flight afterwards.
template <class Body>
void with_chaos(const ChaosScenario& s, unsigned buffers, const Body& body) {
  CAPTURE(s.settings.depth);
  CAPTURE(s.settings.threads);
  CAPTURE(s.settings.block_bytes);
  CAPTURE(s.own_threads);
  const Stage stage(s.settings, buffers);
  const auto run = [&](auto& chaos) {
    body(chaos, chaos.dice);
    CHECK(chaos.in_flight() == 0);
  };
  if (s.own_threads) {
    ChaosThreadsEngine chaos(stage.config(), s.plan);
    run(chaos);
  } else {
    ChaosEngine chaos(stage.config(), s.plan);
    run(chaos);
  }
}

// Calls `run` with the seeds 0 to `runs` - 1, or with AIOBENCH_CHAOS_SEED alone if it is set. A
// failure prints the seed. The short form runs a fifth of the seeds, and Windows a fifth of that:
// under Wine a run takes ten times as long, and the code is the same except for the way threads
// wait.
template <class Run>
void for_each_seed(std::uint64_t runs, const Run& run) {
  const auto run_seed = [&](std::uint64_t seed) {
    CAPTURE(seed);
    run(seed);
  };
  const std::string only = os::environment("AIOBENCH_CHAOS_SEED");
  if (!only.empty()) {
    run_seed(std::strtoull(only.c_str(), nullptr, 10));
    return;
  }
  const bool on_windows = std::string_view(engine::this_system()) == "Windows";
  const std::uint64_t seeds = runs / (on_windows ? 5 : 1) / (long_form() ? 1 : 5);
  for (std::uint64_t seed = 0; seed < seeds; ++seed) run_seed(seed);
}

}  // namespace aiobench::test
