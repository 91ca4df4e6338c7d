#include "run/scheduler.h"
#include "run/hash.h"
#include "run/tracing.h"

namespace aiobench::pipeline {

namespace {

// See lane.h for what keeps this coroutine clear of compiler bugs.
template <class Way>
Lane hash(HashJob& job, LaneBuffer buffer) {
  typename Way::Transfer transfer;
  transfer.file = &job.file();
  transfer.buffer_index = buffer.index;
  Block block;
  while (job.plan().claim(block)) {
    Way::mark(transfer, block);
    BlockTransfer progress(block, job.alignment());
    while (progress.next(transfer, buffer.data)) {
      co_await transfer;
      progress.absorb(transfer);
    }
    Way::prepare(job, progress, buffer.index, buffer.index);
    typename Way::TurnWait turn;
    turn.turnstile = &job.turnstile();
    turn.block = block.index;
    turn.is_next = job.is_next(block);
    co_await turn;
    Way::take_turn(job, progress, buffer.index, buffer.index, turn);
    StepAside aside;
    co_await aside;
  }
}

}  // namespace

Lane hash_lane(HashJob& job, LaneBuffer buffer, bool traced) {
  return traced ? hash<Traced>(job, buffer) : hash<Untraced>(job, buffer);
}

}  // namespace aiobench::pipeline
