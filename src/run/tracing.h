// The two ways in which a lane is made: as it is, or with a trace of what it does. A lane names
// what it awaits by its TracePolicy; so the one that is not traced has nothing of all this, not
// even a question.
//
// Traced, a request and a turn note in the worker's log what becomes of them, in the thread where
// it happens: a submission where it was made, a completion where its lane goes on.
#pragma once

#include "run/hash.h"
#include "run/scheduler.h"
#include "stats/trace.h"

namespace aiobench::run {

struct RunSettings;

struct Untraced {
  using Transfer = run::Transfer;
  using PendingCompletion = run::PendingCompletion;
  using TurnWait = run::TurnWait;

  // `transfer` is of that block from now on.
  static void mark(Transfer&, const Block&) {}
  // As Worker::begin().
  static bool begin(Transfer& transfer) { return current_worker().begin(transfer); }
  // As of HashJob, for the lane with number `lane`; the block lies in that buffer.
  static void prepare(HashJob& job, const BlockTransfer& block, unsigned lane, unsigned) {
    job.prepare(block, lane);
  }
  static void take_turn(HashJob& job, const BlockTransfer& block, unsigned lane, unsigned,
                        const TurnWait&) {
    job.take_turn(block, lane);
  }
};

struct TracedTransfer : Transfer {
  std::uint64_t block = 0;
  std::uint32_t number = 0;  // of the request, within its lane
  bool pended = false;

  bool await_suspend(std::coroutine_handle<> awaiting);
  void await_resume();

  bool begin();
  // Its completion has been delivered, and its lane goes on in this thread.
  void note_completion() const;

 private:
  bool send(bool at_once);
};

struct TracedPendingCompletion : PendingCompletion {
  void await_resume() const;
};

struct TracedTurnWait : TurnWait {
  os::Ticks since = 0;

  bool await_suspend(std::coroutine_handle<> awaiting);
};

static_assert(std::is_trivially_destructible_v<TracedTransfer>);
static_assert(std::is_trivially_destructible_v<TracedTurnWait>);

struct Traced {
  using Transfer = TracedTransfer;
  using PendingCompletion = TracedPendingCompletion;
  using TurnWait = TracedTurnWait;

  static void mark(Transfer& transfer, const Block& block) { transfer.block = block.index; }
  static bool begin(Transfer& transfer) { return transfer.begin(); }
  static void prepare(HashJob& job, const BlockTransfer& block, unsigned lane, unsigned buffer);
  static void take_turn(HashJob& job, const BlockTransfer& block, unsigned lane, unsigned buffer,
                        const TurnWait& turn);
};

// The pass that a run over that file is to be noted in; nullptr where it is not to be traced.
stats::TracePass* begin_trace(const RunSettings& settings, const char* job,
                              const engine::Engine& engine, const engine::AttachedFile& file,
                              unsigned lanes);

}  // namespace aiobench::run
