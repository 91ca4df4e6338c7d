// Test support for the chaos tests, proves nothing itself: what a seed stands for, as far as random
// runs of every kind have it.
#pragma once

#include <cstddef>
#include <cstdint>
#include <initializer_list>
#include <random>
#include <vector>

#include "chaos/chaos_engine.h"
#include "run/run.h"

namespace aiobench::test {

// A sample made by `make` for each of `lengths`, in bytes. A few files are enough: what varies is
// the way through them.
template <class Make>
auto samples_of(std::initializer_list<std::size_t> lengths, const Make& make) {
  std::vector<decltype(make(std::size_t{}))> list;
  for (const std::size_t bytes : lengths) list.push_back(make(bytes));
  return list;
}

struct ChaosScenario {
  run::RunSettings settings;
  ChaosPlan plan;
  bool own_threads = false;  // of the engine
};

// Equal seeds give equal scenarios as long as the same things are rolled in the same order.
class ScenarioDice {
 public:
  explicit ScenarioDice(std::uint64_t seed) : generator_(seed) {}

  std::uint64_t below(std::uint64_t limit) { return generator_() % limit; }

  // Depth, threads and block size.
  void roll_shape(run::RunSettings& settings);
  // How the engine behaves on a file of `file_bytes` bytes in the run with that seed. In one run in
  // four `fail_per_mille` of the requests fail; in one in eight the file ends early.
  void roll_engine(ChaosScenario& scenario, std::uint64_t seed, unsigned fail_per_mille,
                   std::uint64_t file_bytes);

 private:
  std::mt19937_64 generator_;
};

}  // namespace aiobench::test
