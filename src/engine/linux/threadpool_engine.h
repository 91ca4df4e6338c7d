// The engine `threadpool` on Linux: a queue of requests, and worker threads that take one each
// and pread(2) it. The nearest thing that Linux has to the Windows thread pool, and what glibc's
// POSIX AIO does inside. Here the workers are the pipeline's own threads, inside reap().
#pragma once

#include <atomic>
#include <condition_variable>
#include <mutex>

#include "engine/engine.h"

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
  std::vector<char> woken_;  // guarded by mutex_; one a worker
  bool cancelled_ = false;   // guarded by mutex_
  unsigned sleepers_ = 0;    // guarded by mutex_
};

}  // namespace aiobench::engine
