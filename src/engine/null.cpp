// The engine `null`: every request completes immediately and moves no data. The time of a run with
// it is the overhead of aiobench itself per request: taking the next block, suspending and resuming
// a lane, recording a latency.

#include <algorithm>

#include "engine/registry.h"

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

struct alignas(64) NullEngine::Worker {
  RequestQueue done;
  Sleeper sleeper;
};

NullEngine::NullEngine(const EngineConfig& config)
    : Engine(config), workers_(std::make_unique<Worker[]>(config.threads)) {}

NullEngine::~NullEngine() = default;

// The outcome is `pending`, not `finished`, so that the lane is suspended and resumed as with an
// asynchronous mechanism, and the cost of that is measured.
Outcome NullEngine::do_submit(unsigned worker, Request& request) {
  const std::uint64_t size = request.file->bytes;
  request.transferred = request.offset >= size ? 0
                                               : static_cast<std::uint32_t>(std::min<std::uint64_t>(
                                                     request.bytes, size - request.offset));
  workers_[worker].done.push(request);
  return Outcome::pending;
}

void NullEngine::do_reap(unsigned worker, Wait wait, RequestQueue& completed) {
  Worker& self = workers_[worker];
  if (self.done.empty() && wait == Wait::yes) self.sleeper.sleep();
  completed.append(self.done);
}

void NullEngine::do_wake(unsigned worker) {
  workers_[worker].sleeper.wake();
}

Result<std::unique_ptr<Engine>> make_null(const EngineConfig& config) {
  return std::unique_ptr<Engine>(std::make_unique<NullEngine>(config));
}

}  // namespace aiobench::engine
