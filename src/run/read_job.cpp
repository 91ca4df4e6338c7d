#include "run/read_job.h"

#include "run/tracing.h"
#include "os/interrupt.h"
#include "os/system_error.h"

namespace aiobench::pipeline {

void ReadJob::stop() {
  plan_.stop();
  if (pacer_ != nullptr) pacer_->stop();
}

void ReadJob::fail(const BlockTransfer& block) {
  stop();
  // Cancelled by the program itself, after Ctrl-C: that is told elsewhere.
  if (platform::interrupted() && platform::is_cancelled(block.error())) return;
  const std::lock_guard lock(mutex_);
  if (!failure_) failure_ = block.failure(file_);
}

namespace {

// See lane.h for what keeps this coroutine clear of compiler bugs.
template <class Way>
Lane read(ReadJob& job, LaneBuffer buffer) {
  typename Way::Transfer transfer;
  transfer.file = &job.file();
  transfer.buffer_index = buffer.index;
  Block block;
  Pace pace;
  pace.pacer = job.pacer();
  while (job.plan().claim(block)) {
    if (pace.pacer != nullptr) pace.due_ticks = pace.pacer->due(block.index);
    co_await pace;
    if (pace.pacer != nullptr && job.plan().stopped()) break;
    transfer.due_ticks = pace.due_ticks;
    Way::mark(transfer, block);
    BlockTransfer progress(block, job.alignment());
    while (progress.next(transfer, buffer.data)) {
      co_await transfer;
      progress.absorb(transfer);
    }
    if (!progress.whole()) job.fail(progress);
  }
}

}  // namespace

Lane read_lane(ReadJob& job, LaneBuffer buffer, bool traced) {
  return traced ? read<Traced>(job, buffer) : read<Untraced>(job, buffer);
}

}  // namespace aiobench::pipeline
