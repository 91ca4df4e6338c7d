// Which requests a read run makes, and which lane makes which: tickets are claimed in order, from
// any thread, and the offset follows from the ticket alone.
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
#include "base/units.h"
#include "engine/engine.h"
#include "os/clock.h"
#include "run/block.h"
#include "run/lane.h"
#include "run/run.h"

namespace aiobench::run {

enum class Pattern { sequential, random };

// The names of --pattern.
std::span<const Named<Pattern>> patterns();
const char* name(Pattern pattern);
Result<Pattern> parse_pattern(const std::string& text);

// What a read run is to read. With neither a duration nor bytes: as many requests as the file has
// blocks. With both: whichever is reached first.
struct ReadSettings {
  Pattern pattern = Pattern::sequential;
  std::uint64_t seed = 1;
  double duration_seconds = 0;
  std::uint64_t bytes = 0;  // of each file, rounded up to whole requests
  double rate = 0;          // requests a second for each file; 0: as fast as it goes
};

// sequential: block after block, and from the front again after the last. random: any whole block,
// each as likely as any other at every request, so that some come twice and some never (fio:
// --norandommap). The same seed gives the same offsets, whatever the depth.
class ReadPlan {
 public:
  ReadPlan(const ReadSettings& settings, std::uint64_t file_bytes, std::uint32_t block_bytes);

  // The next request, with its ticket as `block.index`; false when there is none left.
  bool next(Block& block) {
    const std::uint64_t ticket = next_.fetch_add(1, std::memory_order_relaxed);
    if (ticket >= requests_) return false;
    block.index = ticket;
    block.offset = number_of(ticket) * block_bytes_;
    const std::uint64_t left = file_bytes_ - block.offset;
    block.bytes = left < block_bytes_ ? static_cast<std::uint32_t>(left) : block_bytes_;
    return true;
  }

  // Nothing is claimed from now on. Any thread.
  void stop() { next_.fetch_or(kStopped); }
  bool stopped() const { return next_.load(std::memory_order_relaxed) >= kStopped; }

  // How many there are in all; kEndless where only time ends it.
  std::uint64_t requests() const { return requests_; }
  static constexpr std::uint64_t kEndless = std::uint64_t{1} << 62;
  // How many were asked for so far, at least.
  std::uint64_t claimed() const { return next_.load(std::memory_order_relaxed) & ~kStopped; }

 private:
  static constexpr std::uint64_t kStopped = std::uint64_t{1} << 63;

  std::uint64_t number_of(std::uint64_t ticket) const {
    if (pattern_ == Pattern::sequential) return ticket < blocks_ ? ticket : ticket % blocks_;
    return whole_blocks_ == 0 ? 0 : scaled(random_number(seed_, ticket), whole_blocks_);
  }

  // Steele, Lea and Flood's SplitMix64: the ticket-th number of the seed's sequence, without those
  // before it. The seed is the start and not a number of steps: else each seed would have the
  // sequence of the one before it, less the first number.
  static std::uint64_t random_number(std::uint64_t seed, std::uint64_t ticket) {
    std::uint64_t value = seed + (ticket + 1) * 0x9e3779b97f4a7c15u;
    value = (value ^ (value >> 30)) * 0xbf58476d1ce4e5b9u;
    value = (value ^ (value >> 27)) * 0x94d049bb133111ebu;
    return value ^ (value >> 31);
  }

  // A number below `limit`, by multiplication (Lemire): its upper 32 bits decide enough blocks for
  // any file, as 2^32 blocks of 512 B are 2 TiB; above that the whole number is divided.
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

// Lets requests go at a given rate, whether those before them are done or not: request k is due at
// start + k / rate. Its latency counts from that moment, so that a request which a stall kept from
// being sent is as late in the figures as it was for whoever wanted it. (Gil Tene: "coordinated
// omission".)
//
// A lane whose request is not due yet parks here; a thread of the pacer's own hands it to the
// scheduler in time. The threads that serve lanes never sleep for a date, as completions may come
// meanwhile.

class Scheduler;
class Pacer;

// What a lane awaits before it sends a request. With no pacer it walks on.
struct Pace : Waiter {
  Pacer* pacer = nullptr;
  os::Ticks due_ticks = 0;

  bool await_ready() const noexcept { return pacer == nullptr; }
  bool await_suspend(std::coroutine_handle<> awaiting);
  void await_resume() const noexcept {}
};

class Pacer {
 public:
  // `scheduler` outlives the pacer.
  Pacer(Scheduler& scheduler, double requests_per_second);
  // No lane may be parked.
  ~Pacer();

  // Makes the thread.
  Status start_threads();
  // The schedule begins at `start_ticks`, the moment from which the run's clock counts: were it
  // another one, a run at a rate would seem faster or slower than that rate. Before any lane goes.
  void start(os::Ticks start_ticks) { start_ticks_ = start_ticks; }
  // After start(): when that request is due.
  os::Ticks due(std::uint64_t ticket) const;

  // True: `lane` is parked, and is no longer the caller's. False: it is due, or stop() was called.
  bool park(Pace& lane);
  // Hands out whoever is parked; from now on nobody is. Any thread.
  void stop();
  // Once every lane has ended: ends the thread. It may still be about to wake somebody for a lane
  // that another one took and brought to its end, so this comes before Scheduler::join().
  void join();

 private:
  void run();
  void hand_out();

  Scheduler& scheduler_;
  const double interval_ticks_;
  os::Ticks start_ticks_ = 0;

  std::mutex mutex_;
  std::condition_variable changed_;
  std::vector<Pace*> waiters_;  // guarded by mutex_; a heap, the earliest first
  bool stopped_ = false;        // guarded by mutex_
  std::thread thread_;
};

// Everything that the lanes of one read run share, and the lane:
//
//     claim the next request -> wait until it is due -> read -> again

class ReadJob {
 public:
  // `alignment` as for BlockTransfer. `file` outlives the job.
  ReadJob(const engine::AttachedFile& file, const ReadSettings& settings, std::uint32_t block_bytes,
          std::uint32_t alignment)
      : file_(file), plan_(settings, file.bytes, block_bytes), alignment_(alignment) {}

  // Lanes go at this pace. Before the run; `pacer` outlives it.
  void set_pacer(Pacer& pacer) { pacer_ = &pacer; }

  // Any thread: no further request is begun. What is in flight is still waited for.
  void stop();

  // After the run: the first failure.
  const std::optional<Error>& failure() const { return failure_; }

  // For the lanes.
  const engine::AttachedFile& file() const { return file_; }
  ReadPlan& plan() { return plan_; }
  std::uint32_t alignment() const { return alignment_; }
  Pacer* pacer() { return pacer_; }
  // Notes what kept `block` from being read, and stops the run.
  void fail(const BlockTransfer& block);

 private:
  const engine::AttachedFile& file_;
  ReadPlan plan_;
  const std::uint32_t alignment_;
  Pacer* pacer_ = nullptr;
  std::mutex mutex_;
  std::optional<Error> failure_;  // guarded by mutex_
};

// `traced`: it notes what it does in its worker's log (tracing.h).
Lane read_lane(ReadJob& job, LaneBuffer buffer, bool traced);

// A read run: the mechanism without a hasher, over one file or several at the same time.

// Reads `paths` at the same time, each with an engine, `depth` requests in flight and `threads`
// threads of its own, and returns what came of each, in the same order. All start together, as
// soon as all are ready; a file that cannot be opened keeps none of the others from being read.
// The processor time of each outcome is that of the whole process while they were read. `pools`
// has one for each path. `event` and `progress` as for hash_file().
std::vector<RunOutcome> read_files(const RunSettings& settings, const ReadSettings& read,
                                   std::span<const std::string> paths, std::span<BufferPool> pools,
                                   os::WakeEvent& event, const Progress& progress);

// The same over one engine that the caller made, and a file attached to it: for tests.
RunOutcome read_attached(engine::Engine& engine, const engine::AttachedFile& file,
                         const RunSettings& settings, const ReadSettings& read,
                         os::WakeEvent& event);

}  // namespace aiobench::run
