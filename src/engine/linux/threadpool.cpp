#include "engine/linux/threadpool_engine.h"

#include "engine/blocking_transfer.h"
#include "os/system_error.h"

namespace aiobench::engine {

ThreadpoolEngine::ThreadpoolEngine(const EngineConfig& config)
    : Engine(config), woken_(config.threads, 0) {}

ThreadpoolEngine::~ThreadpoolEngine() = default;

Outcome ThreadpoolEngine::do_submit(unsigned, Request& request) {
  const std::lock_guard lock(mutex_);
  waiting_.push(request);
  if (sleepers_ > 0) changed_.notify_one();
  return Outcome::pending;
}

// The next request for `worker`, or nullptr if there is none (any more to wait for).
Request* ThreadpoolEngine::take(unsigned worker, Wait wait) {
  std::unique_lock lock(mutex_);
  if (wait == Wait::yes) {
    ++sleepers_;
    changed_.wait(lock, [&] { return !waiting_.empty() || woken_[worker] != 0; });
    --sleepers_;
    woken_[worker] = 0;
  }
  if (waiting_.empty()) return nullptr;
  Request& request = waiting_.pop();
  if (cancelled_) request.error = platform::cancelled_code();
  return &request;
}

void ThreadpoolEngine::do_reap(unsigned worker, Wait wait, RequestQueue& completed) {
  Request* const request = take(worker, wait);
  if (request == nullptr) return;
  if (request->error == 0) transfer_now(request->file->file, *request);
  completed.push(*request);
}

void ThreadpoolEngine::do_wake(unsigned worker) {
  const std::lock_guard lock(mutex_);
  woken_[worker] = 1;
  changed_.notify_all();
}

// A pread() under way cannot be called back; what still waits in the queue is given up.
void ThreadpoolEngine::do_cancel() {
  const std::lock_guard lock(mutex_);
  cancelled_ = true;
}

}  // namespace aiobench::engine
