// The trace policy of a lane: Untraced or Traced. A lane takes its awaiters from its TracePolicy,
// so an untraced lane contains no code for tracing, and no test for it.
//
// A traced lane records its requests and turns in the log of the worker, in the thread where they
// happen: a submission where it is made, a completion where the lane continues.
#pragma once

#include "run/hash.h"
#include "run/scheduler.h"
#include "stats/trace.h"

namespace aiobench::run {

struct RunSettings;

// For runs without a trace.
struct Untraced {
  using Transfer = run::Transfer;
  using PendingCompletion = run::PendingCompletion;
  using TurnWait = run::TurnWait;

  // `transfer` belongs to that block from now on.
  static void mark(Transfer&, const Block&) {}
  // As Worker::begin().
  static bool begin(Transfer& transfer) { return current_worker().begin(transfer); }
  // As HashJob::prepare() and HashJob::take_turn().
  static void prepare(HashJob& job, const BlockTransfer& block, unsigned lane_index, unsigned) {
    job.prepare(block, lane_index);
  }
  static void take_turn(HashJob& job, const BlockTransfer& block, unsigned lane_index, unsigned,
                        const TurnWait&) {
    job.take_turn(block, lane_index);
  }
};

// Records its submission and its completion.
struct TracedTransfer : Transfer {
  std::uint64_t block = 0;
  std::uint32_t number = 0;  // of the request within its lane, from 1
  bool pended = false;

  bool await_suspend(std::coroutine_handle<> awaiting);
  void await_resume();

  bool begin();
  // Records the completion. Called when the lane continues, in its thread.
  void note_completion() const;

 private:
  bool send(bool at_once);
};

struct TracedPendingCompletion : PendingCompletion {
  void await_resume() const;
};

// Takes the time at which the wait begins.
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
  static void prepare(HashJob& job, const BlockTransfer& block, unsigned lane_index,
                      unsigned buffer);
  static void take_turn(HashJob& job, const BlockTransfer& block, unsigned lane_index,
                        unsigned buffer, const TurnWait& turn);
};

// Begins a trace pass for a run over `file`. nullptr: the run is not traced.
stats::TracePass* begin_trace(const RunSettings& settings, const char* job,
                              const engine::Engine& engine, const engine::AttachedFile& file,
                              unsigned lanes);

}  // namespace aiobench::run
