// The engine `sync`: pread(2) and pwrite(2) in the thread that submits. The baseline that every
// asynchronous mechanism has to beat. Requests never overlap within a thread: a depth above the
// number of threads only gives the pipeline more buffers to be ahead with.
#pragma once

#include "engine/engine.h"

namespace aiobench::engine {

class SyncEngine final : public Engine {
 public:
  explicit SyncEngine(const EngineConfig& config);
  ~SyncEngine() override;

 private:
  struct Worker;

  Outcome do_submit(unsigned worker, Request& request) override;
  void do_reap(unsigned worker, Wait wait, RequestQueue& completed) override;
  void do_wake(unsigned worker) override;

  std::unique_ptr<Worker[]> workers_;
};

}  // namespace aiobench::engine
