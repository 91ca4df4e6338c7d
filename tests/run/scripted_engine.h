// Test support, proves nothing itself: an engine whose requests do what a test says, inside the
// call, so that what it measures follows from the script and from nothing else.
#pragma once

#include <functional>
#include <memory>

#include "engine/engine.h"

namespace aiobench::test {

// What becomes of a request: all of its bytes, unless the script sets `error` or less.
using Script = std::function<void(engine::Request& request)>;

class ScriptedEngine final : public engine::Engine {
 public:
  // The script is called by any worker, also by several at once.
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
