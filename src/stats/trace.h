// What a run did, moment by moment: which thread gave which request to the system, which one took
// its completion, who waited for what. Each thread keeps its events in a log of its own, without a
// lock, in memory that is there before the clock starts. There is room for so many events over all
// threads and passes; what comes later is counted and not kept.
#pragma once

#include <atomic>
#include <cstddef>
#include <cstdint>
#include <deque>
#include <memory>
#include <string>
#include <vector>

#include "base/error.h"
#include "os/clock.h"

namespace aiobench::stats {

// Times are in ticks; `middle` is 0 where nothing is said of it.
enum class TraceKind : std::uint8_t {
  submit,      // begin: before the call that gives a request to the system; end: after it
  completion,  // begin: the submission; middle: the completion was taken; end: its lane goes on
  sum,         // what of a block's hashing needs no order
  hash,        // begin: the lane asked for its turn; middle: it has it; end: it has passed it on
  wait,        // a thread had nothing to do until `end`
};

struct TraceEvent {
  TraceKind kind{};
  bool write = false;         // of a request
  bool done_inline = false;   // the request was done inside the call
  bool failed = false;        // the request was
  std::uint16_t lane = 0;     // of a lane that reads ahead: its buffer
  std::uint32_t thread = 0;   // set by the log
  std::uint32_t request = 0;  // of the lane, from 1: submission and completion have the same one
  std::uint32_t count = 0;    // bytes asked for or transferred; of a wait, completions
  std::uint64_t block = 0;
  FileOffset offset = 0;
  os::Ticks begin = 0;
  os::Ticks middle = 0;
  os::Ticks end = 0;
};

// Events that lie together, all of one log.
struct TraceChunk {
  static constexpr std::size_t kEvents = 50;

  std::uint32_t pass = 0;
  std::uint32_t used = 0;
  TraceEvent events[kEvents];
};

class Trace;

// The events of one worker: only the thread that serves as it adds to it.
class alignas(64) TraceLog {
 public:
  void add(TraceEvent event);

 private:
  friend class TracePass;

  Trace* trace_ = nullptr;
  TraceChunk* chunk_ = nullptr;
  std::uint32_t pass_ = 0;
  std::uint32_t worker_ = 0;
  bool own_threads_ = false;
  std::uint64_t added_ = 0;
  std::uint64_t left_out_ = 0;
};

// What a pass is of.
struct TraceSubject {
  std::string job;  // "hash", "read", "copy"
  std::string path;
  std::string engine;  // with its options
  unsigned depth = 0;
  unsigned lanes = 0;
  unsigned threads = 0;
  std::uint64_t block_bytes = 0;
  // The threads are the mechanism's own: any of them may serve as any worker.
  bool own_threads = false;
};

// One pass over one file.
class TracePass {
 public:
  // By Trace::begin_pass().
  TracePass(Trace& trace, std::uint32_t number, TraceSubject subject);

  TraceLog& log(unsigned worker) { return logs_[worker]; }
  // After the run, which took this time.
  void ran(os::Ticks started, os::Ticks finished);

  // After ran().
  const TraceSubject& subject() const { return subject_; }
  os::Ticks started_ticks() const { return started_; }
  os::Ticks finished_ticks() const { return finished_; }
  std::uint64_t added() const;     // events, kept or not
  std::uint64_t left_out() const;  // of these
  std::vector<TraceEvent> events() const;

 private:
  Trace& trace_;
  const std::uint32_t number_;
  const TraceSubject subject_;
  const std::unique_ptr<TraceLog[]> logs_;
  os::Ticks started_ = 0;
  os::Ticks finished_ = 0;
};

class Trace {
 public:
  // Some 6 MB of memory, and 35 MB as a file.
  static constexpr std::size_t kMostEvents = 100'000;

  // Room is made for `most` events, rounded up to whole chunks.
  explicit Trace(std::size_t most = kMostEvents);

  // Before the clock of a pass starts; one thread at a time. The pass lives as long as the trace.
  TracePass& begin_pass(TraceSubject subject);

  // After the last pass.
  const std::deque<TracePass>& passes() const { return passes_; }
  std::uint64_t added() const;
  std::uint64_t left_out() const;
  std::size_t most() const { return chunk_count_ * TraceChunk::kEvents; }

  // What one event costs the run that it is of, in nanoseconds; 0 where nobody has measured it.
  double event_cost_ns = 0;

 private:
  friend class TraceLog;
  friend class TracePass;

  // nullptr where there is none left. Any thread.
  TraceChunk* take_chunk(std::uint32_t pass);

  const std::size_t chunk_count_;
  const std::unique_ptr<TraceChunk[]> chunks_;
  std::atomic<std::size_t> taken_{0};
  std::deque<TracePass> passes_;
};

}  // namespace aiobench::stats
