#include "chaos/chaos_engine.h"

#include <algorithm>

#include "os/system_error.h"

namespace aiobench::test {

using engine::Outcome;
using engine::Request;

void ChaosDice::run(Request& request) {
  if (generator_() % 1000 < plan_.fail_per_mille) {
    request.error = os::device_failure_code();
    const bool reads = request.operation == engine::Operation::read;
    (reads ? failed_at : writes_failed_at).insert(request.offset);
    return;
  }
  std::uint32_t bytes = request.bytes;
  if (bytes > 1 && roll(plan_.short_percent)) {
    bytes = 1 + static_cast<std::uint32_t>(below(bytes - 1));
  }
  if (request.operation == engine::Operation::write) {
    const os::Transferred put = request.file->file.write_at(request.buffer, bytes, request.offset);
    request.transferred = put.bytes;
    request.error = put.error;
    return;
  }
  if (plan_.end_at) {
    const std::uint64_t end = *plan_.end_at;
    if (request.offset >= end) return;
    bytes = static_cast<std::uint32_t>(std::min<std::uint64_t>(bytes, end - request.offset));
  }
  const os::Transferred got = request.file->file.read_at(request.buffer, bytes, request.offset);
  request.transferred = got.bytes;
  request.error = got.error;
}

ChaosEngine::ChaosEngine(const engine::EngineConfig& config, const ChaosPlan& plan)
    : Engine(config), dice(plan), woken_(config.threads, 0) {}

Outcome ChaosEngine::do_submit(unsigned, Request& request) {
  const std::lock_guard lock(mutex_);
  if (dice.roll(dice.plan().inline_percent)) {
    dice.run(request);
    return request.error == 0 ? Outcome::finished : Outcome::failed;
  }
  const bool notified = dice.roll(dice.plan().notified_percent);
  pending_.push_back(&request);
  changed_.notify_one();
  return notified ? Outcome::notified : Outcome::pending;
}

void ChaosEngine::do_reap(unsigned worker, engine::Wait wait, engine::RequestQueue& completed) {
  std::unique_lock lock(mutex_);
  if (wait == engine::Wait::yes) {
    changed_.wait(lock, [&] { return !pending_.empty() || woken_[worker] != 0; });
    woken_[worker] = 0;
  }
  bool some = wait == engine::Wait::no;  // a poll may return nothing
  while (!pending_.empty()) {
    if (some && dice.roll(dice.plan().late_percent)) return;
    const std::size_t at = dice.below(pending_.size());
    Request& request = *pending_[at];
    pending_.erase(pending_.begin() + static_cast<std::ptrdiff_t>(at));
    dice.run(request);
    completed.push(request);
    some = true;
  }
}

void ChaosEngine::do_wake(unsigned worker) {
  const std::lock_guard lock(mutex_);
  woken_[worker] = 1;
  changed_.notify_all();
}

ChaosThreadsEngine::ChaosThreadsEngine(const engine::EngineConfig& config, const ChaosPlan& plan)
    : Engine(config), dice(plan) {
  for (unsigned i = 0; i < config.threads; ++i) threads_.emplace_back([this] { serve(); });
}

ChaosThreadsEngine::~ChaosThreadsEngine() {
  {
    const std::lock_guard lock(mutex_);
    closing_ = true;
  }
  changed_.notify_all();
  for (std::thread& thread : threads_) thread.join();
}

Outcome ChaosThreadsEngine::do_submit(unsigned, Request& request) {
  const std::lock_guard lock(mutex_);
  if (dice.roll(dice.plan().inline_percent)) {
    dice.run(request);
    return request.error == 0 ? Outcome::finished : Outcome::failed;
  }
  const bool notified = dice.roll(dice.plan().notified_percent);
  pending_.push_back(&request);
  changed_.notify_one();
  return notified ? Outcome::notified : Outcome::pending;
}

void ChaosThreadsEngine::do_wake(unsigned) {
  const std::lock_guard lock(mutex_);
  ++wakes_;
  changed_.notify_one();
}

void ChaosThreadsEngine::do_quiesce() {
  std::unique_lock lock(mutex_);
  wakes_ = 0;
  changed_.wait(lock, [&] { return calls_ == 0; });
}

void ChaosThreadsEngine::serve() {
  std::unique_lock lock(mutex_);
  for (;;) {
    changed_.wait(lock, [&] { return !pending_.empty() || wakes_ > 0 || closing_; });
    if (wakes_ > 0) {
      --wakes_;
      ++calls_;
      lock.unlock();
      host().woken();
    } else if (!pending_.empty()) {
      const std::size_t at = dice.below(pending_.size());
      Request& request = *pending_[at];
      pending_.erase(pending_.begin() + static_cast<std::ptrdiff_t>(at));
      dice.run(request);
      ++calls_;
      lock.unlock();
      deliver(request);
    } else {
      return;
    }
    lock.lock();
    --calls_;
    changed_.notify_all();
  }
}

}  // namespace aiobench::test
