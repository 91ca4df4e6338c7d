// Test support, proves nothing itself: plans, and the results of configurations.
#pragma once

#include <string>
#include <vector>

#include "base/units.h"
#include "result/sample_result.h"
#include "sweep/plan.h"

namespace aiobench::test {

// Two files; engines sync and iocp (under Wine) at two depths on the first, sync on the second.
inline sweep::Plan sample_plan() {
  sweep::Plan plan;
  plan.files = {{"/data/large.bin", 3 * kGiB}, {"/data/small.bin", kMiB}};
  for (const unsigned depth : {1u, 8u}) {
    for (const bool wine : {false, true}) {
      Settings settings;
      settings.engine = wine ? "iocp" : "sync";
      settings.depth = depth;
      settings.threads = 1;
      settings.block_bytes = kMiB;
      settings.cache = CacheState::warm;
      plan.configurations.push_back({.file = 0, .wine = wine, .settings = settings});
    }
  }
  plan.configurations.push_back(plan.configurations[0]);
  plan.configurations.back().file = 1;
  plan.warmup = 1;
  plan.rounds = 3;
  plan.seed = 7;
  return plan;
}

// One repetition of a configuration at this speed.
inline result::Results sample_part(const sweep::Plan& plan, std::size_t configuration,
                                   double bytes_per_second,
                                   std::string digest = "0123456789abcdef") {
  result::Results result = sample_result();
  const sweep::Configuration& c = plan.configurations[configuration];
  if (c.wine) {
    result.host.system = "Windows";
    result.host.wine = "8.0";
  }
  result::Run& run = result.runs[0];
  run.config = c.settings;
  run.target.path = plan.files[c.file].path;
  run.target.file_bytes = plan.files[c.file].bytes;
  result::Repetition& r = run.repetitions[0];
  r.digest = std::move(digest);
  r.bytes = plan.files[c.file].bytes;
  r.wall_seconds = static_cast<double>(r.bytes) / bytes_per_second;
  return result;
}

// A result with one run per list of speeds in GiB/s, one for each round, at depth 8.
struct Swept {
  std::string engine;
  std::vector<double> gib_per_second;
  unsigned depth = 8;
  bool wine = false;
};
inline result::Results swept(const std::vector<Swept>& configurations) {
  result::Results result = sample_result();
  result.runs.clear();
  for (const Swept& configuration : configurations) {
    result::Run run = sample_run();
    run.config.engine = configuration.engine;
    run.config.engine_options.clear();
    run.config.depth = configuration.depth;
    run.config.threads = 1;
    run.repetitions.clear();
    for (const double speed : configuration.gib_per_second) {
      result::Repetition r = sample_repetition();
      r.wall_seconds = static_cast<double>(r.bytes) / (speed * static_cast<double>(kGiB));
      run.repetitions.push_back(std::move(r));
    }
    if (configuration.wine) {
      run.origin = result;
      run.origin->host.wine = "8.0";
    }
    result.runs.push_back(std::move(run));
  }
  return result;
}

}  // namespace aiobench::test
