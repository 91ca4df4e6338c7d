// The trace policy of a lane: Untraced or Traced. A lane takes its awaiters from its TracePolicy,
// so an untraced lane contains no code for tracing, not even a check whether to trace.
//
// A traced lane records its requests and turns in the log of a worker: a submission in the log of
// the thread that submits, a completion in the log of the thread where the lane continues.
#pragma once

#include "run/hash.h"
#include "run/scheduler.h"
#include "stats/trace.h"

namespace aiobench::run {

// For runs without a trace.
struct Untraced {
  using Transfer = run::Transfer;
  using PendingCompletion = run::PendingCompletion;
  using TurnWait = run::TurnWait;

  // The requests that follow belong to that block.
  static void mark(Transfer&, const Block&) {}
  // Calls Worker::begin().
  static bool begin(Transfer& transfer) { return current_worker().begin(transfer); }
  // These two call the functions of HashJob of the same names.
  static void prepare(HashJob& job, const BlockTransfer& reading, unsigned lane_index, unsigned) {
    job.prepare(reading, lane_index);
  }
  static void take_turn(HashJob& job, const BlockTransfer& reading, unsigned lane_index, unsigned,
                        const TurnWait&) {
    job.take_turn(reading, lane_index);
  }
};

// Records its submission and its completion.
struct TracedTransfer : Transfer {
  std::uint64_t block = 0;
  std::uint32_t number = 0;  // of the request within its lane, from 1
  bool pended = false;       // the submission in progress was pending, so a completion is recorded

  bool await_suspend(std::coroutine_handle<> awaiting);
  void await_resume();

  bool begin();
  // Records the completion. Called when the lane continues, in its thread.
  void note_completion() const;

 private:
  // Submits the request and records that. `flush`: also calls Worker::flush(). True: the request is
  // pending.
  bool submit(bool flush);
};

struct TracedPendingCompletion : PendingCompletion {
  void await_resume() const;
};

// Also stores the time at which the wait begins.
struct TracedTurnWait : TurnWait {
  os::Ticks since = 0;

  bool await_suspend(std::coroutine_handle<> awaiting);
};

static_assert(std::is_trivially_destructible_v<TracedTransfer>);
static_assert(std::is_trivially_destructible_v<TracedTurnWait>);

// For runs with a trace.
struct Traced {
  using Transfer = TracedTransfer;
  using PendingCompletion = TracedPendingCompletion;
  using TurnWait = TracedTurnWait;

  static void mark(Transfer& transfer, const Block& block) { transfer.block = block.index; }
  static bool begin(Transfer& transfer) { return transfer.begin(); }
  static void prepare(HashJob& job, const BlockTransfer& reading, unsigned lane_index,
                      unsigned buffer);
  static void take_turn(HashJob& job, const BlockTransfer& reading, unsigned lane_index,
                        unsigned buffer, const TurnWait& turn);
};

// Begins a pass of `trace` for a run over `file`. nullptr: the run is not traced.
stats::TracePass* begin_trace(stats::Trace* trace, const Settings& settings, const char* job,
                              const engine::Engine& engine, const engine::AttachedFile& file,
                              unsigned lanes);

}  // namespace aiobench::run
