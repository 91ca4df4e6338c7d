#include "run/tracing.h"

#include "run/run.h"
#include "run/scheduler.h"

namespace aiobench::run {
namespace {

using stats::TraceEvent;
using stats::TraceKind;

TraceEvent event_of(TraceKind kind, unsigned lane_index, std::uint64_t block) {
  TraceEvent event;
  event.kind = kind;
  event.lane = static_cast<std::uint16_t>(lane_index);
  event.block = block;
  return event;
}

TraceEvent event_of(TraceKind kind, const TracedTransfer& transfer) {
  TraceEvent event = event_of(kind, transfer.buffer_index, transfer.block);
  event.write = transfer.operation == engine::Operation::write;
  event.request = transfer.number;
  event.offset = transfer.offset;
  return event;
}

TraceEvent event_of(TraceKind kind, const Block& block, unsigned lane_index) {
  TraceEvent event = event_of(kind, lane_index, block.index);
  event.offset = block.offset;
  event.count = block.bytes;
  return event;
}

}  // namespace

// Everything recorded about the request is read before it is submitted: after that, the lane may
// already continue in another thread. The worker's counter of inline completions tells whether the
// request finished inside the call.
bool TracedTransfer::submit(bool flush) {
  Worker& worker = current_worker();
  ++number;
  pended = true;
  TraceEvent event = event_of(TraceKind::submit, *this);
  event.count = bytes;
  const std::uint64_t& done_inline = worker.flow(*this).inline_completions;
  const std::uint64_t done_before = done_inline;
  event.begin = os::now_ticks();
  const bool pending = worker.submit(*this);
  event.done_inline = done_inline != done_before;
  if (pending && flush) worker.flush();
  event.end = worker.last_ticks;
  if (!pending) {
    pended = false;
    event.failed = error != 0;
  }
  worker.trace->add(event);
  return pending;
}

// If the scheduler flushes after each request, it does so as soon as the lane is suspended. That
// call is part of the submission, so it is made here instead.
bool TracedTransfer::await_suspend(std::coroutine_handle<> awaiting) {
  coroutine = awaiting;
  return submit(current_worker().scheduler->submits_each());
}

void TracedTransfer::await_resume() {
  if (pended) note_completion();
}

bool TracedTransfer::begin() {
  return submit(true);
}

void TracedTransfer::note_completion() const {
  TraceEvent event = event_of(TraceKind::completion, *this);
  event.count = transferred;
  event.done_inline = done_in_call;
  event.failed = error != 0;
  event.begin = submitted_ticks;
  event.middle = completed_ticks;
  event.end = os::now_ticks();
  current_worker().trace->add(event);
}

void TracedPendingCompletion::await_resume() const {
  static_cast<const TracedTransfer*>(transfer)->note_completion();
}

bool TracedTurnWait::await_suspend(std::coroutine_handle<> awaiting) {
  since = os::now_ticks();
  return TurnWait::await_suspend(awaiting);
}

void Traced::prepare(HashJob& job, const BlockTransfer& reading, unsigned lane_index,
                     unsigned buffer) {
  if (!job.accumulates(reading)) return;
  TraceEvent event = event_of(TraceKind::accumulate, reading.block(), buffer);
  event.begin = os::now_ticks();
  job.prepare(reading, lane_index);
  event.end = os::now_ticks();
  current_worker().trace->add(event);
}

void Traced::take_turn(HashJob& job, const BlockTransfer& reading, unsigned lane_index,
                       unsigned buffer, const TurnWait& turn) {
  TraceEvent event = event_of(TraceKind::hash, reading.block(), buffer);
  event.failed = !job.will_hash(reading);
  event.begin = turn.since;
  event.middle = os::now_ticks();
  job.take_turn(reading, lane_index);
  event.end = os::now_ticks();
  current_worker().trace->add(event);
}

stats::TracePass* begin_trace(stats::Trace* trace, const Settings& settings, const char* job,
                              const engine::Engine& engine, const engine::AttachedFile& file,
                              unsigned lanes) {
  if (trace == nullptr) return nullptr;
  stats::TraceSubject subject;
  subject.job = job;
  subject.path = file.file.path();
  subject.engine = settings.engine_text();
  subject.depth = settings.depth;
  subject.lanes = lanes;
  subject.threads = engine.config().threads;
  subject.block_bytes = settings.block_bytes;
  subject.own_threads = engine.has_own_threads();
  return &trace->begin_pass(std::move(subject));
}

}  // namespace aiobench::run
