// The events of a run: which thread submitted which request, which thread took its completion, and
// which lane or thread waited. Each thread keeps its events in its own log, without a lock, in
// memory allocated before the clock starts. The number of events over all threads and passes is
// limited; later events are counted, but not kept.
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

// Times are in ticks; `middle` is 0 if it does not apply.
enum class TraceKind : std::uint8_t {
  submit,      // begin: before the call that passes a request to the system; end: after it
  completion,  // begin: the submission; middle: the completion is taken; end: the lane continues
  accumulate,  // the part of hashing a block that needs no order
  hash,        // begin: the lane waits for its turn; middle: it has the turn; end: it has passed it
  wait,        // a thread had nothing to do until `end`
};

struct TraceEvent {
  TraceKind kind{};
  bool write = false;         // the request is a write
  bool done_inline = false;   // the request finished inside the call
  bool failed = false;        // the request failed, or the block was not hashed
  std::uint16_t lane = 0;     // for a lane that reads ahead: its buffer
  std::uint32_t thread = 0;   // set by the log
  std::uint32_t request = 0;  // number within the lane, from 1, of a submission or completion
  std::uint32_t count = 0;    // bytes requested or transferred; for a wait, completions
  std::uint64_t block = 0;
  FileOffset offset = 0;
  os::Ticks begin = 0;
  os::Ticks middle = 0;
  os::Ticks end = 0;
};

// Memory for events of one log.
struct TraceChunk {
  static constexpr std::size_t kEvents = 50;

  std::uint32_t pass = 0;
  std::uint32_t used = 0;
  TraceEvent events[kEvents];
};

class Trace;

// The events of one worker. Only the thread that is attached to the worker adds to it.
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
  std::uint64_t dropped_ = 0;
};

// The settings of the run of a pass.
struct TraceSubject {
  std::string job;  // "hash", "read", "copy"
  std::string path;
  std::string engine;  // with its options
  unsigned depth = 0;
  unsigned lanes = 0;
  unsigned threads = 0;
  std::uint64_t block_bytes = 0;
  // The mechanism has its own threads: any of them may be attached to any worker.
  bool own_threads = false;
};

// The events of one run over one file. A command with several repetitions or files has several
// passes.
class TracePass {
 public:
  // Called by Trace::begin_pass().
  TracePass(Trace& trace, std::uint32_t number, TraceSubject subject);

  TraceLog& log(unsigned worker) { return logs_[worker]; }
  // Call it after the run, with the start and the end of the run.
  void ran(os::Ticks started, os::Ticks finished);

  // After ran().
  const TraceSubject& subject() const { return subject_; }
  os::Ticks started_ticks() const { return started_; }
  os::Ticks finished_ticks() const { return finished_; }
  std::uint64_t added() const;    // events, kept or not
  std::uint64_t dropped() const;  // events that were not kept
  std::vector<TraceEvent> events() const;

 private:
  Trace& trace_;
  const std::uint32_t number_;
  const TraceSubject subject_;
  const std::unique_ptr<TraceLog[]> logs_;
  os::Ticks started_ = 0;
  os::Ticks finished_ = 0;
};

// The trace of one command: its passes, and the memory for their events.
class Trace {
 public:
  // About 6 MB of memory, and 35 MB as a file.
  static constexpr std::size_t kMaxEvents = 100'000;

  // Allocates memory for `max` events, rounded up to whole chunks.
  explicit Trace(std::size_t max = kMaxEvents);

  // Begins a pass. Before its clock starts; one thread at a time. The pass lives as long as the
  // trace.
  TracePass& begin_pass(TraceSubject subject);

  // After the last pass.
  const std::deque<TracePass>& passes() const { return passes_; }
  std::uint64_t added() const;
  std::uint64_t dropped() const;
  std::size_t max_events() const { return chunk_count_ * TraceChunk::kEvents; }

  // The cost of one event to the run in nanoseconds; 0 if it was not measured.
  double event_cost_ns = 0;

 private:
  friend class TraceLog;
  friend class TracePass;

  // nullptr if no chunk is left. Any thread.
  TraceChunk* take_chunk(std::uint32_t pass);

  const std::size_t chunk_count_;
  const std::unique_ptr<TraceChunk[]> chunks_;
  std::atomic<std::size_t> taken_{0};
  std::deque<TracePass> passes_;
};

}  // namespace aiobench::stats
