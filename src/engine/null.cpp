#include "engine/null_engine.h"

#include <algorithm>

#include "engine/sleeper.h"

namespace aiobench::engine {

struct alignas(64) NullEngine::Worker {
  RequestQueue done;
  Sleeper sleeper;
};

NullEngine::NullEngine(const EngineConfig& config)
    : Engine(config), workers_(std::make_unique<Worker[]>(config.threads)) {}

NullEngine::~NullEngine() = default;

// Pending rather than finished: so a request takes the whole way that a truly asynchronous one
// takes, and the cost of that way is what is measured.
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

}  // namespace aiobench::engine
