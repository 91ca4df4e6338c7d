#include "aiobench/engines.h"

#include "engine/registry.h"

namespace aiobench {

std::vector<EngineFacts> engines() {
  std::vector<EngineFacts> all;
  for (const engine::Mechanism& mechanism : engine::catalog()) {
    const engine::Maker* const maker = engine::find_maker(mechanism.name);
    if (maker == nullptr) continue;
    EngineFacts facts{.name = mechanism.name, .completion = mechanism.completion, .obstacle = {}};
    const Status available = maker->available();
    facts.usable = static_cast<bool>(available);
    if (!available) facts.obstacle = available.error().line();
    all.push_back(std::move(facts));
  }
  return all;
}

}  // namespace aiobench
