#include "run/copy.h"
#include "run/scheduler.h"
#include "run/tracing.h"

namespace aiobench::pipeline {

namespace {

// See lane.h for what keeps this coroutine clear of compiler bugs.
template <class Way>
Lane copy(CopyJob& job, LaneBuffer buffer) {
  typename Way::Transfer transfer;
  transfer.buffer_index = buffer.index;
  Block block;
  while (job.source().plan().claim(block)) {
    Way::mark(transfer, block);
    BlockTransfer progress(block, job.source().alignment());
    transfer.file = &job.source().file();
    transfer.operation = engine::Operation::read;
    transfer.via = job.reader();
    while (progress.next(transfer, buffer.data)) {
      co_await transfer;
      progress.absorb(transfer);
    }
    Way::prepare(job.source(), progress, buffer.index, buffer.index);
    typename Way::TurnWait turn;
    turn.turnstile = &job.source().turnstile();
    turn.block = block.index;
    turn.is_next = job.source().is_next(block);
    co_await turn;
    Way::take_turn(job.source(), progress, buffer.index, buffer.index, turn);
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

}  // namespace

Lane copy_lane(CopyJob& job, LaneBuffer buffer, bool traced) {
  return traced ? copy<Traced>(job, buffer) : copy<Untraced>(job, buffer);
}

}  // namespace aiobench::pipeline
