// A read run: reads one or several files with a mechanism, without a hasher. The number of a
// request is its ticket. Tickets are handed out in order to any thread, and the ticket determines
// the offset. lanes.cpp contains the lane.
#pragma once

#include <atomic>
#include <condition_variable>
#include <coroutine>
#include <cstdint>
#include <mutex>
#include <optional>
#include <span>
#include <string>
#include <thread>
#include <vector>

#include "base/error.h"
#include "base/settings.h"
#include "engine/engine.h"
#include "os/clock.h"
#include "run/block.h"
#include "run/lane.h"
#include "run/run.h"

namespace aiobench::run {

// Sequential: block after block, and from the beginning again after the last. Random: every request
// selects any whole block with equal probability, so some blocks are read twice and some never
// (fio: --norandommap). The same seed gives the same offsets at any depth.
class ReadPlan {
 public:
  ReadPlan(const ReadSettings& settings, std::uint64_t file_bytes, std::uint32_t block_bytes);

  // Hands out the next request, with its ticket as `block.index`; false if none is left. Any
  // thread.
  bool next(Block& block) {
    const std::uint64_t ticket = next_.fetch_add(1, std::memory_order_relaxed);
    if (ticket >= requests_) return false;
    block.index = ticket;
    block.offset = number_of(ticket) * block_bytes_;
    const std::uint64_t left = file_bytes_ - block.offset;
    block.bytes = left < block_bytes_ ? static_cast<std::uint32_t>(left) : block_bytes_;
    return true;
  }

  // Hands out no request from now on. Any thread.
  void stop() { next_.fetch_or(kStopped); }
  bool stopped() const { return next_.load(std::memory_order_relaxed) >= kStopped; }

  // The total number of requests; kEndless if only the duration ends the run.
  std::uint64_t requests() const { return requests_; }
  static constexpr std::uint64_t kEndless = std::uint64_t{1} << 62;
  // The number of requests handed out so far, or a higher number: calls of next() that found no
  // request count too.
  std::uint64_t issued() const { return next_.load(std::memory_order_relaxed) & ~kStopped; }

 private:
  static constexpr std::uint64_t kStopped = std::uint64_t{1} << 63;

  std::uint64_t number_of(std::uint64_t ticket) const {
    if (pattern_ == Pattern::sequential) return ticket < blocks_ ? ticket : ticket % blocks_;
    return whole_blocks_ == 0 ? 0 : scaled(random_number(seed_, ticket), whole_blocks_);
  }

  // SplitMix64 of Steele, Lea and Flood: the number at position `ticket` of the sequence that
  // starts at `seed`, computed directly. The seed is a start value. If it counted steps of the
  // generator instead, the sequence of seed n + 1 would be that of seed n without its first number.
  static std::uint64_t random_number(std::uint64_t seed, std::uint64_t ticket) {
    std::uint64_t value = seed + (ticket + 1) * 0x9e3779b97f4a7c15u;
    value = (value ^ (value >> 30)) * 0xbf58476d1ce4e5b9u;
    value = (value ^ (value >> 27)) * 0x94d049bb133111ebu;
    return value ^ (value >> 31);
  }

  // A number below `limit`, by multiplication (Lemire). The upper 32 bits are enough for 2^32
  // blocks, 2 TiB with blocks of 512 bytes; above that, the remainder of the whole number is used.
  static std::uint64_t scaled(std::uint64_t value, std::uint64_t limit) {
    constexpr std::uint64_t kSmall = std::uint64_t{1} << 32;
    return limit < kSmall ? ((value >> 32) * limit) >> 32 : value % limit;
  }

  const Pattern pattern_;
  const std::uint64_t seed_;
  const std::uint64_t file_bytes_;
  const std::uint32_t block_bytes_;
  const std::uint64_t blocks_;
  const std::uint64_t whole_blocks_;
  const std::uint64_t requests_;
  std::atomic<std::uint64_t> next_{0};
};

class Scheduler;
class Pacer;

// Awaited before a request is submitted. Without a pacer the lane continues immediately.
struct Pace : Waiter {
  Pacer* pacer = nullptr;
  os::Ticks due_ticks = 0;

  bool await_ready() const noexcept { return pacer == nullptr; }
  bool await_suspend(std::coroutine_handle<> awaiting);
  void await_resume() const noexcept {}
};

// Lets lanes submit requests at a given rate: request k is due at start + k / rate, whether earlier
// requests are done or not. Its latency counts from that time. So if a stall delays the submission,
// the latency contains the delay; otherwise it would be missing from the figures (Gil Tene:
// "coordinated omission").
//
// A lane whose request is not due yet waits here. The thread of the pacer posts the lane to the
// scheduler when the request is due. The workers do not wait for that time themselves, because they
// must also take completions that arrive earlier.
class Pacer {
 public:
  // `scheduler` outlives the pacer.
  Pacer(Scheduler& scheduler, double requests_per_second);
  // Requires that no lane waits.
  ~Pacer();

  // Creates the thread.
  Status start_threads();
  // Request 0 is due at `start_ticks`, when the clock of the run starts. With another start, the
  // measured rate would differ from the requested one. Call it before any lane runs.
  void start(os::Ticks start_ticks) { start_ticks_ = start_ticks; }
  // After start(): the time at which that request is due.
  os::Ticks due(std::uint64_t ticket) const;

  // True: the lane of `pace` waits, and the caller must not touch it again. False: the request is
  // due, or stop() was called.
  bool wait(Pace& pace);
  // Posts all waiting lanes; from now on no lane waits. Any thread.
  void stop();
  // Ends the thread of the pacer. Call it after every lane has ended and before Scheduler::join():
  // until this call returns, the thread may still wake a worker, even if the lane that it posted
  // has already ended.
  void join();

 private:
  void run();
  void post_first();

  Scheduler& scheduler_;
  const double interval_ticks_;
  os::Ticks start_ticks_ = 0;

  std::mutex mutex_;
  std::condition_variable changed_;
  std::vector<Pace*> waiters_;  // guarded by mutex_; a heap, the earliest due time first
  bool stopped_ = false;        // guarded by mutex_
  std::thread thread_;
};

// What the lanes of one read run share.
class ReadJob {
 public:
  // `file` outlives the job. Without settings.read, the defaults of ReadSettings.
  ReadJob(const engine::AttachedFile& file, const Settings& settings)
      : file_(file),
        plan_(settings.read.value_or(ReadSettings{}), file.bytes, settings.block_bytes),
        alignment_(alignment_of(file, settings)) {}

  // Lets `pacer` determine when each request is submitted. Call it before the run. `pacer` outlives
  // the run.
  void set_pacer(Pacer& pacer) { pacer_ = &pacer; }

  // Begins no further request; requests in flight are still awaited. Any thread.
  void stop();

  // After the run: the first failure.
  const std::optional<Error>& failure() const { return failure_; }

  // For the lanes.
  const engine::AttachedFile& file() const { return file_; }
  ReadPlan& plan() { return plan_; }
  std::uint32_t alignment() const { return alignment_; }
  Pacer* pacer() { return pacer_; }
  // Records the failure of `block`, and stops the run.
  void fail(const BlockTransfer& block);

 private:
  const engine::AttachedFile& file_;
  ReadPlan plan_;
  const std::uint32_t alignment_;
  Pacer* pacer_ = nullptr;
  std::mutex mutex_;
  std::optional<Error> failure_;  // guarded by mutex_
};

// `traced`: the lane records its events in the log of its worker (tracing.h).
Lane read_lane(ReadJob& job, LaneBuffer buffer, bool traced);

// Reads `paths` at the same time, each with its own engine, `depth` requests in flight and
// `threads` threads. All start together, when all are ready; a file that cannot be opened does not
// stop the others. Returns one outcome per path, in the same order; its processor time is that of
// the whole process during the run.
std::vector<RunOutcome> read_files(const Settings& settings, std::span<const std::string> paths,
                                   const RunContext& context);

// The same for one engine that the caller made, and a file attached to it: for tests.
RunOutcome read_attached(engine::Engine& engine, const engine::AttachedFile& file,
                         const Settings& settings, const RunContext& context);

}  // namespace aiobench::run
