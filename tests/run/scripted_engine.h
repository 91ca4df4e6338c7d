// Test support: an engine whose requests finish inside the call and return what the test specifies,
// so that the measured values follow from the script alone.
#pragma once

#include <functional>
#include <memory>

#include "engine/engine.h"

namespace aiobench::test {

// The result of a request: all bytes, unless the script sets `error` or fewer bytes.
using Script = std::function<void(engine::Request& request)>;

class ScriptedEngine final : public engine::Engine {
 public:
  // Any worker may call the script, also several at once.
  ScriptedEngine(const engine::EngineConfig& config, Script script)
      : Engine(config),
        script_(std::move(script)),
        sleepers_(std::make_unique<engine::Sleeper[]>(config.threads)) {}

 private:
  engine::Outcome do_submit(unsigned, engine::Request& request) override {
    request.transferred = request.bytes;
    script_(request);
    return request.error == 0 ? engine::Outcome::finished : engine::Outcome::failed;
  }
  void do_reap(unsigned worker, engine::Wait wait, engine::RequestQueue&) override {
    if (wait == engine::Wait::yes) sleepers_[worker].sleep();
  }
  void do_wake(unsigned worker) override { sleepers_[worker].wake(); }

  const Script script_;
  std::unique_ptr<engine::Sleeper[]> sleepers_;
};

}  // namespace aiobench::test
