// The engine `sync`: pread(2) and pwrite(2) in the submitting thread. It is the baseline for the
// asynchronous mechanisms. A thread executes one request at a time. A depth above the number of
// threads gives the run more buffers to read ahead into, but no more requests in flight.

#include "engine/registry.h"

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

struct alignas(64) SyncEngine::Worker {
  Sleeper sleeper;
};

SyncEngine::SyncEngine(const EngineConfig& config)
    : Engine(config), workers_(std::make_unique<Worker[]>(config.threads)) {}

SyncEngine::~SyncEngine() = default;

Outcome SyncEngine::do_submit(unsigned, Request& request) {
  transfer_now(request.file->file, request);
  return request.error == 0 ? Outcome::finished : Outcome::failed;
}

// No request is ever in flight, so only a wake can end the wait.
void SyncEngine::do_reap(unsigned worker, Wait wait, RequestQueue&) {
  if (wait == Wait::yes) workers_[worker].sleeper.sleep();
}

void SyncEngine::do_wake(unsigned worker) {
  workers_[worker].sleeper.wake();
}

Result<std::unique_ptr<Engine>> make_sync(const EngineConfig& config) {
  return std::unique_ptr<Engine>(std::make_unique<SyncEngine>(config));
}

}  // namespace aiobench::engine
