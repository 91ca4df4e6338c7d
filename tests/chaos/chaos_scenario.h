// Test support: the random scenario of a seed, for all kinds of run.
#pragma once

#include <cstddef>
#include <cstdint>
#include <initializer_list>
#include <random>
#include <vector>

#include "chaos/chaos_engine.h"
#include "run/run.h"

namespace aiobench::test {

// Makes a sample with `make` for each length of `lengths`, in bytes. A few files are enough,
// because the runs vary, not the files.
template <class Make>
auto samples_of(std::initializer_list<std::size_t> lengths, const Make& make) {
  std::vector<decltype(make(std::size_t{}))> list;
  for (const std::size_t bytes : lengths) list.push_back(make(bytes));
  return list;
}

struct ChaosScenario {
  Settings settings;
  ChaosPlan plan;
  bool own_threads = false;  // the engine has its own threads
};

// The same seed gives the same scenario, as long as values are drawn in the same order.
class ScenarioDice {
 public:
  explicit ScenarioDice(std::uint64_t seed) : generator_(seed) {}

  std::uint64_t below(std::uint64_t limit) { return generator_() % limit; }

  // Draws depth, threads and block size.
  void roll_shape(Settings& settings);
  // Draws the behaviour of the engine for a file of `file_bytes` bytes. In one run in four,
  // `fail_per_mille` of the requests fail; in one run in eight, the file ends early.
  void roll_engine(ChaosScenario& scenario, std::uint64_t seed, unsigned fail_per_mille,
                   std::uint64_t file_bytes);

 private:
  std::mt19937_64 generator_;
};

}  // namespace aiobench::test
