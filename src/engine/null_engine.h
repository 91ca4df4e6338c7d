// The engine `null`: every request is done at once and moves no data. What a run over it costs
// is what aiobench itself costs per request: claiming a block, suspending and resuming a lane,
// recording a latency.
#pragma once

#include "engine/engine.h"

namespace aiobench::engine {

class NullEngine final : public Engine {
 public:
  explicit NullEngine(const EngineConfig& config);
  ~NullEngine() override;

  bool moves_data() const override { return false; }

 private:
  struct Worker;

  Outcome do_submit(unsigned worker, Request& request) override;
  void do_reap(unsigned worker, Wait wait, RequestQueue& completed) override;
  void do_wake(unsigned worker) override;

  std::unique_ptr<Worker[]> workers_;
};

}  // namespace aiobench::engine
