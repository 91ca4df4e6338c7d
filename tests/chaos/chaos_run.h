// Test support, proves nothing itself: what random runs of every kind share.
#pragma once

#include <doctest/doctest.h>

#include <cstdlib>
#include <string>

#include "pipeline/run.h"
#include "platform/console.h"

namespace aiobench::test {

// Buffers for one run, and an engine's configuration over them.
class Stage {
 public:
  Stage(const pipeline::RunSettings& settings, unsigned buffers) {
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
  pipeline::BufferPool pool_;
  engine::EngineConfig config_;
};

// Calls `run` with the seeds 0 to `runs` - 1, or with the one that AIOBENCH_CHAOS_SEED names.
template <class Run>
void for_each_seed(std::uint64_t runs, const Run& run) {
  const std::string only = platform::environment("AIOBENCH_CHAOS_SEED");
  if (!only.empty()) {
    run(std::strtoull(only.c_str(), nullptr, 10));
    return;
  }
  for (std::uint64_t seed = 0; seed < runs; ++seed) run(seed);
}

}  // namespace aiobench::test
