// Test support: an engine that behaves as badly as the contract allows, controlled by a seed.
// Requests complete in any order, late, partially, inside the call, or fail. The data is real.
#pragma once

#include <condition_variable>
#include <mutex>
#include <optional>
#include <random>
#include <set>
#include <thread>

#include "engine/engine.h"

namespace aiobench::test {

struct ChaosPlan {
  std::uint64_t seed = 0;
  unsigned inline_percent = 0;    // finished inside the call
  unsigned notified_percent = 0;  // finished inside the call, and still delivered
  unsigned short_percent = 0;     // fewer bytes than requested
  unsigned late_percent = 0;      // done, but delivered by a later reap
  unsigned fail_per_mille = 0;    // a device error, in the call or later
  // The file ends at this offset.
  std::optional<std::uint64_t> end_at;
};

// Decides the outcome of requests, under one lock.
class ChaosDice {
 public:
  explicit ChaosDice(const ChaosPlan& plan) : plan_(plan), generator_(plan.seed) {}

  bool roll(unsigned percent) { return generator_() % 100 < percent; }
  std::uint64_t below(std::uint64_t limit) { return generator_() % limit; }
  // Transfers, fails or ends `request`.
  void run(engine::Request& request);

  const ChaosPlan& plan() const { return plan_; }
  // The offsets at which reads and writes failed.
  std::set<std::uint64_t> failed_at;
  std::set<std::uint64_t> writes_failed_at;

 private:
  const ChaosPlan plan_;
  std::mt19937_64 generator_;
};

// Reaped by the workers: any worker may receive any request.
class ChaosEngine final : public engine::Engine {
 public:
  ChaosEngine(const engine::EngineConfig& config, const ChaosPlan& plan);

  ChaosDice dice;

 private:
  engine::Outcome do_submit(unsigned worker, engine::Request& request) override;
  void do_reap(unsigned worker, engine::Wait wait, engine::RequestQueue& completed) override;
  void do_wake(unsigned worker) override;

  std::mutex mutex_;
  std::condition_variable changed_;
  std::vector<engine::Request*> pending_;
  std::vector<char> woken_;
};

// Delivers on its own threads, as the Windows thread pool does.
class ChaosThreadsEngine final : public engine::Engine {
 public:
  ChaosThreadsEngine(const engine::EngineConfig& config, const ChaosPlan& plan);
  ~ChaosThreadsEngine() override;
  bool has_own_threads() const override { return true; }

  ChaosDice dice;

 private:
  engine::Outcome do_submit(unsigned worker, engine::Request& request) override;
  void do_reap(unsigned, engine::Wait, engine::RequestQueue&) override {}
  void do_wake(unsigned worker) override;
  void do_quiesce() override;
  void serve();

  std::mutex mutex_;
  std::condition_variable changed_;
  std::vector<engine::Request*> pending_;
  unsigned wakes_ = 0;
  unsigned calls_ = 0;  // to the host, in progress
  bool closing_ = false;
  std::vector<std::thread> threads_;
};

}  // namespace aiobench::test
