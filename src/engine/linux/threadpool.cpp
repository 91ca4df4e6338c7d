// The engine `threadpool` on Linux: a queue of requests, and threads that each take one request and
// execute it with pread(2) or pwrite(2). It is the closest equivalent of the Windows thread pool on
// Linux, and what glibc's POSIX AIO does internally. The threads of the pool are the workers of the
// run: each executes a request inside reap().

#include <atomic>
#include <condition_variable>
#include <mutex>

#include "engine/registry.h"
#include "os/system_error.h"

namespace aiobench::engine {

class ThreadpoolEngine final : public Engine {
 public:
  explicit ThreadpoolEngine(const EngineConfig& config);
  ~ThreadpoolEngine() override;

 private:
  Outcome do_submit(unsigned worker, Request& request) override;
  void do_reap(unsigned worker, Wait wait, RequestQueue& completed) override;
  void do_wake(unsigned worker) override;
  void do_cancel() override;

  Request* take(unsigned worker, Wait wait);

  std::mutex mutex_;
  std::condition_variable changed_;
  RequestQueue waiting_;     // guarded by mutex_
  std::vector<char> woken_;  // guarded by mutex_; one per worker
  bool cancelled_ = false;   // guarded by mutex_
  unsigned sleepers_ = 0;    // guarded by mutex_
};

ThreadpoolEngine::ThreadpoolEngine(const EngineConfig& config)
    : Engine(config), woken_(config.threads, 0) {}

ThreadpoolEngine::~ThreadpoolEngine() = default;

Outcome ThreadpoolEngine::do_submit(unsigned, Request& request) {
  const std::lock_guard lock(mutex_);
  waiting_.push(request);
  if (sleepers_ > 0) changed_.notify_one();
  return Outcome::pending;
}

// The next request for `worker`; nullptr if there is none or a wake ended the wait.
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
  if (cancelled_) request.error = os::cancelled_code();
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

// A pread() that has started cannot be cancelled; requests that are still in the queue can.
void ThreadpoolEngine::do_cancel() {
  const std::lock_guard lock(mutex_);
  cancelled_ = true;
}

Result<std::unique_ptr<Engine>> make_threadpool(const EngineConfig& config) {
  return std::unique_ptr<Engine>(std::make_unique<ThreadpoolEngine>(config));
}

}  // namespace aiobench::engine
