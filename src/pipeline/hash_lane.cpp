#include "pipeline/crew.h"
#include "pipeline/hash_job.h"

namespace aiobench::pipeline {

// See lane.h for what keeps this coroutine clear of compiler bugs.
Lane hash_lane(HashJob& job, LaneBuffer buffer) {
  Transfer transfer;
  transfer.file = &job.file();
  transfer.buffer_index = buffer.index;
  Block block;
  while (job.plan().claim(block)) {
    BlockTransfer progress(block, job.alignment());
    while (progress.next(transfer, buffer.data)) {
      co_await transfer;
      progress.absorb(transfer);
    }
    job.prepare(progress, buffer.index);
    TurnWait turn;
    turn.turnstile = &job.turnstile();
    turn.block = block.index;
    turn.is_next = job.is_next(block);
    co_await turn;
    job.take_turn(progress, buffer.index);
    StepAside aside;
    co_await aside;
  }
}

}  // namespace aiobench::pipeline
