#include "chaos/chaos_scenario.h"

#include <iterator>

namespace aiobench::test {

void ScenarioDice::roll_shape(Settings& settings) {
  settings.depth = 1 + static_cast<unsigned>(below(65));
  settings.threads = 1 + static_cast<unsigned>(below(4));
  const std::uint32_t blocks[] = {512, 777, 4096, 12345, 65536, 131072};
  settings.block_bytes = blocks[below(std::size(blocks))];
}

void ScenarioDice::roll_engine(ChaosScenario& scenario, std::uint64_t seed, unsigned fail_per_mille,
                               std::uint64_t file_bytes) {
  ChaosPlan& plan = scenario.plan;
  plan.seed = seed;
  plan.inline_percent = static_cast<unsigned>(below(3) * 50);  // none, half, all
  plan.notified_percent = static_cast<unsigned>(below(2) * 30);
  plan.short_percent = static_cast<unsigned>(below(3) * 20);
  plan.late_percent = static_cast<unsigned>(below(3) * 40);
  plan.fail_per_mille = below(4) == 0 ? fail_per_mille : 0;
  if (below(8) == 0 && file_bytes > 0) plan.end_at = below(file_bytes);
  scenario.own_threads = below(3) == 0;
}

}  // namespace aiobench::test
