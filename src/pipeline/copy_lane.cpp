#include "pipeline/copy_job.h"
#include "pipeline/crew.h"

namespace aiobench::pipeline {

// See lane.h for what keeps this coroutine clear of compiler bugs.
Lane copy_lane(CopyJob& job, LaneBuffer buffer) {
  Transfer transfer;
  transfer.buffer_index = buffer.index;
  Block block;
  while (job.source().plan().claim(block)) {
    BlockTransfer progress(block, job.source().alignment());
    transfer.file = &job.source().file();
    transfer.operation = engine::Operation::read;
    transfer.via = job.reader();
    while (progress.next(transfer, buffer.data)) {
      co_await transfer;
      progress.absorb(transfer);
    }
    job.source().prepare(progress, buffer.index);
    TurnWait turn;
    turn.turnstile = &job.source().turnstile();
    turn.block = block.index;
    turn.is_next = job.source().is_next(block);
    co_await turn;
    job.source().take_turn(progress, buffer.index);
    if (!progress.whole()) continue;
    BlockWrite writing(block, progress.data(), job.destination().alignment,
                       job.destination().holes);
    transfer.file = job.destination().file;
    transfer.operation = engine::Operation::write;
    transfer.via = nullptr;
    while (writing.next(transfer)) {
      co_await transfer;
      writing.absorb(transfer);
    }
    job.written(progress, writing);
    StepAside aside;
    co_await aside;
  }
}

}  // namespace aiobench::pipeline
