// The life of a block, in four coroutines: hash, read ahead, read and copy. Each lane executes one
// of them and carries one block at a time:
//
//     hash:       next block -> read -> wait for its turn -> hash -> yield
//     read ahead: next block -> read -> start to read the block after it -> hash
//     read:       next request -> wait until it is due -> read
//     copy:       next block -> read -> wait for its turn -> hash -> write -> yield
//
// Every co_await is a point at which the lane may stop and continue in another thread. Where a
// request is finished inside the call that submits it, the lane continues at once.
//
// TracePolicy (tracing.h) is Traced or Untraced. It selects the awaiters, so a lane without a
// trace does not contain any code for it. lane.h lists the rules that keep these coroutines clear
// of compiler bugs.
#include <utility>

#include "run/copy.h"
#include "run/hash.h"
#include "run/read.h"
#include "run/scheduler.h"
#include "run/tracing.h"

namespace aiobench::run {
namespace {

template <class TracePolicy>
Lane hash(HashJob& job, LaneBuffer buffer) {
  typename TracePolicy::Transfer transfer;
  transfer.file = &job.file();
  transfer.buffer_index = buffer.index;
  Block block;
  while (job.plan().next(block)) {
    // Read. A short transfer is followed by a request for the rest.
    TracePolicy::mark(transfer, block);
    BlockTransfer progress(block, job.alignment());
    while (progress.next(transfer, buffer.data)) {
      co_await transfer;
      progress.absorb(transfer);
    }
    // Accumulate: the part of XXH3 that does not depend on the order of the blocks.
    TracePolicy::prepare(job, progress, buffer.index, buffer.index);
    // Wait until the block before this one is hashed.
    typename TracePolicy::TurnWait turn;
    turn.sequencer = &job.sequencer();
    turn.block = block.index;
    turn.is_next = job.is_next(block);
    co_await turn;
    // Hash, and pass the turn to the next block. A block that could not be read ends the run here.
    TracePolicy::take_turn(job, progress, buffer.index, buffer.index, turn);
    // Let a lane that holds the turn go first, or give this lane to an idle thread.
    Yield yield;
    co_await yield;
  }
}

// The state of the first request of a block when the lane comes to that block.
enum class ReadAhead { not_started, pending, done };

template <class TracePolicy>
ReadAhead begin_read(const Block& block, std::uint32_t alignment, const LaneBuffer& buffer,
                     typename TracePolicy::Transfer& transfer) {
  transfer.buffer_index = buffer.index;
  TracePolicy::mark(transfer, block);
  BlockTransfer(block, alignment).next(transfer, buffer.data);
  return TracePolicy::begin(transfer) ? ReadAhead::pending : ReadAhead::done;
}

// Both buffers share one transfer, because one request is in flight at a time.
template <class TracePolicy>
Lane read_ahead(HashJob& job, LaneBuffer buffer, LaneBuffer other) {
  typename TracePolicy::Transfer transfer;
  transfer.file = &job.file();
  ReadAhead ahead = ReadAhead::not_started;
  bool worth_it = true;
  Block block;
  bool has_block = job.plan().next(block);
  while (has_block) {
    // Complete the request that was started during the block before, then read the rest.
    BlockTransfer progress(block, job.alignment());
    transfer.buffer_index = buffer.index;
    TracePolicy::mark(transfer, block);
    if (ahead == ReadAhead::pending) {
      typename TracePolicy::PendingCompletion completion;
      completion.transfer = &transfer;
      co_await completion;
    }
    if (ahead != ReadAhead::not_started) progress.absorb(transfer);
    while (progress.next(transfer, buffer.data)) {
      co_await transfer;
      progress.absorb(transfer);
    }
    // Start to read the next block into the other buffer.
    Block following;
    has_block = job.plan().next(following);
    ahead = ReadAhead::not_started;
    if (has_block && worth_it)
      ahead = begin_read<TracePolicy>(following, job.alignment(), other, transfer);
    // If the mechanism reads inside the call, reading ahead gains nothing: it only evicts this
    // block from the processor's cache.
    worth_it = ahead == ReadAhead::pending;
    // Hash this block meanwhile. The turn is free, because there is one lane.
    TracePolicy::prepare(job, progress, 0, buffer.index);
    typename TracePolicy::TurnWait turn;
    turn.sequencer = &job.sequencer();
    turn.block = block.index;
    co_await turn;
    TracePolicy::take_turn(job, progress, 0, buffer.index, turn);
    if (ahead != ReadAhead::not_started) std::swap(buffer, other);
    block = following;
  }
}

template <class TracePolicy>
Lane read(ReadJob& job, LaneBuffer buffer) {
  typename TracePolicy::Transfer transfer;
  transfer.file = &job.file();
  transfer.buffer_index = buffer.index;
  Block block;
  Pace pace;
  pace.pacer = job.pacer();
  while (job.plan().next(block)) {
    // Wait until the request is due. Without a rate there is no pacer, and the lane continues.
    if (pace.pacer != nullptr) pace.due_ticks = pace.pacer->due(block.index);
    co_await pace;
    if (pace.pacer != nullptr && job.plan().stopped()) break;
    // Read. With a rate, the latency counts from the time at which the request was due.
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

template <class TracePolicy>
Lane copy(CopyJob& job, LaneBuffer buffer) {
  typename TracePolicy::Transfer transfer;
  transfer.buffer_index = buffer.index;
  Block block;
  while (job.source().plan().next(block)) {
    // Read from the source.
    TracePolicy::mark(transfer, block);
    BlockTransfer progress(block, job.source().alignment());
    transfer.file = &job.source().file();
    transfer.operation = engine::Operation::read;
    transfer.via = job.reader();
    while (progress.next(transfer, buffer.data)) {
      co_await transfer;
      progress.absorb(transfer);
    }
    // Hash in file order, as the hash lane does.
    TracePolicy::prepare(job.source(), progress, buffer.index, buffer.index);
    typename TracePolicy::TurnWait turn;
    turn.sequencer = &job.source().sequencer();
    turn.block = block.index;
    turn.is_next = job.source().is_next(block);
    co_await turn;
    TracePolicy::take_turn(job.source(), progress, buffer.index, buffer.index, turn);
    if (!progress.whole()) continue;
    // Write to the destination, at the same offset, in any order. Holes are not written.
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

Lane hash_lane(HashJob& job, LaneBuffer buffer, bool traced) {
  return traced ? hash<Traced>(job, buffer) : hash<Untraced>(job, buffer);
}

Lane read_ahead_lane(HashJob& job, LaneBuffer buffer, LaneBuffer other, bool traced) {
  return traced ? read_ahead<Traced>(job, buffer, other) : read_ahead<Untraced>(job, buffer, other);
}

Lane read_lane(ReadJob& job, LaneBuffer buffer, bool traced) {
  return traced ? read<Traced>(job, buffer) : read<Untraced>(job, buffer);
}

Lane copy_lane(CopyJob& job, LaneBuffer buffer, bool traced) {
  return traced ? copy<Traced>(job, buffer) : copy<Untraced>(job, buffer);
}

}  // namespace aiobench::run
