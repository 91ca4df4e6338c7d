#include "run/copy.h"
#include "run/hash.h"
#include "run/read.h"
#include "run/scheduler.h"
#include "run/tracing.h"

namespace aiobench::run {
namespace {

// See lane.h for what keeps this coroutine clear of compiler bugs.
template <class TracePolicy>
Lane hash(HashJob& job, LaneBuffer buffer) {
  typename TracePolicy::Transfer transfer;
  transfer.file = &job.file();
  transfer.buffer_index = buffer.index;
  Block block;
  while (job.plan().next(block)) {
    TracePolicy::mark(transfer, block);
    BlockTransfer progress(block, job.alignment());
    while (progress.next(transfer, buffer.data)) {
      co_await transfer;
      progress.absorb(transfer);
    }
    TracePolicy::prepare(job, progress, buffer.index, buffer.index);
    typename TracePolicy::TurnWait turn;
    turn.sequencer = &job.sequencer();
    turn.block = block.index;
    turn.is_next = job.is_next(block);
    co_await turn;
    TracePolicy::take_turn(job, progress, buffer.index, buffer.index, turn);
    Yield yield;
    co_await yield;
  }
}

}  // namespace

Lane hash_lane(HashJob& job, LaneBuffer buffer, bool traced) {
  return traced ? hash<Traced>(job, buffer) : hash<Untraced>(job, buffer);
}

namespace {

// Where the first request of a block stands when the lane comes to the block.
enum class Ahead { not_asked, pending, done };

template <class TracePolicy>
Ahead ask(const Block& block, std::uint32_t alignment, const LaneBuffer& buffer,
          typename TracePolicy::Transfer& transfer) {
  transfer.buffer_index = buffer.index;
  TracePolicy::mark(transfer, block);
  BlockTransfer(block, alignment).next(transfer, buffer.data);
  return TracePolicy::begin(transfer) ? Ahead::pending : Ahead::done;
}

// One transfer for both buffers, as one request is in flight at a time. See lane.h for what keeps
// this coroutine clear of compiler bugs.
template <class TracePolicy>
Lane read_ahead(HashJob& job, LaneBuffer buffer, LaneBuffer other) {
  typename TracePolicy::Transfer transfer;
  transfer.file = &job.file();
  Ahead ahead = Ahead::not_asked;
  bool worth_it = true;
  Block block;
  bool has_block = job.plan().next(block);
  while (has_block) {
    BlockTransfer progress(block, job.alignment());
    transfer.buffer_index = buffer.index;
    TracePolicy::mark(transfer, block);
    if (ahead == Ahead::pending) {
      typename TracePolicy::PendingCompletion pending;
      pending.transfer = &transfer;
      co_await pending;
    }
    if (ahead != Ahead::not_asked) progress.absorb(transfer);
    while (progress.next(transfer, buffer.data)) {
      co_await transfer;
      progress.absorb(transfer);
    }
    Block following;
    has_block = job.plan().next(following);
    ahead = Ahead::not_asked;
    if (has_block && worth_it)
      ahead = ask<TracePolicy>(following, job.alignment(), other, transfer);
    // A mechanism that reads inside the call only pushes this block out of the processor's cache.
    worth_it = ahead == Ahead::pending;
    TracePolicy::prepare(job, progress, 0, buffer.index);
    typename TracePolicy::TurnWait turn;
    turn.sequencer = &job.sequencer();
    turn.block = block.index;
    co_await turn;
    TracePolicy::take_turn(job, progress, 0, buffer.index, turn);
    if (ahead != Ahead::not_asked) std::swap(buffer, other);
    block = following;
  }
}

}  // namespace

Lane read_ahead_lane(HashJob& job, LaneBuffer buffer, LaneBuffer other, bool traced) {
  return traced ? read_ahead<Traced>(job, buffer, other) : read_ahead<Untraced>(job, buffer, other);
}

namespace {

// See lane.h for what keeps this coroutine clear of compiler bugs.
template <class TracePolicy>
Lane read(ReadJob& job, LaneBuffer buffer) {
  typename TracePolicy::Transfer transfer;
  transfer.file = &job.file();
  transfer.buffer_index = buffer.index;
  Block block;
  Pace pace;
  pace.pacer = job.pacer();
  while (job.plan().next(block)) {
    if (pace.pacer != nullptr) pace.due_ticks = pace.pacer->due(block.index);
    co_await pace;
    if (pace.pacer != nullptr && job.plan().stopped()) break;
    transfer.due_ticks = pace.due_ticks;
    TracePolicy::mark(transfer, block);
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

namespace {

// See lane.h for what keeps this coroutine clear of compiler bugs.
template <class TracePolicy>
Lane copy(CopyJob& job, LaneBuffer buffer) {
  typename TracePolicy::Transfer transfer;
  transfer.buffer_index = buffer.index;
  Block block;
  while (job.source().plan().next(block)) {
    TracePolicy::mark(transfer, block);
    BlockTransfer progress(block, job.source().alignment());
    transfer.file = &job.source().file();
    transfer.operation = engine::Operation::read;
    transfer.via = job.reader();
    while (progress.next(transfer, buffer.data)) {
      co_await transfer;
      progress.absorb(transfer);
    }
    TracePolicy::prepare(job.source(), progress, buffer.index, buffer.index);
    typename TracePolicy::TurnWait turn;
    turn.sequencer = &job.source().sequencer();
    turn.block = block.index;
    turn.is_next = job.source().is_next(block);
    co_await turn;
    TracePolicy::take_turn(job.source(), progress, buffer.index, buffer.index, turn);
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
    Yield yield;
    co_await yield;
  }
}

}  // namespace

Lane copy_lane(CopyJob& job, LaneBuffer buffer, bool traced) {
  return traced ? copy<Traced>(job, buffer) : copy<Untraced>(job, buffer);
}

}  // namespace aiobench::run
