#include "engine/linux/sync_engine.h"

#include "engine/blocking_transfer.h"
#include "engine/sleeper.h"

namespace aiobench::engine {

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

// Nothing is ever in flight here, so the only thing to wait for is another worker's wake.
void SyncEngine::do_reap(unsigned worker, Wait wait, RequestQueue&) {
  if (wait == Wait::yes) workers_[worker].sleeper.sleep();
}

void SyncEngine::do_wake(unsigned worker) {
  workers_[worker].sleeper.wake();
}

}  // namespace aiobench::engine
