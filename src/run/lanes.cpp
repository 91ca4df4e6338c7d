// The four kinds of lane: hash, read ahead, read and copy. Each is a coroutine that repeats these
// steps until the plan has no more blocks:
//
//     hash:       next block -> read -> wait for its turn -> hash -> yield
//     read ahead: next block -> read -> start to read the block after it -> hash
//     read:       next request -> wait until it is due -> read
//     copy:       next block -> read -> wait for its turn -> hash -> write -> yield
//
// At every co_await the lane may be suspended, and may continue in another thread. If there is
// nothing to wait for, for example because a request finished inside the call that submits it, the
// lane continues without being suspended.
//
// TracePolicy (tracing.h) is Traced or Untraced. It provides the awaiters, so an untraced lane
// contains no code for tracing. lane.h lists the rules that keep these coroutines clear of compiler
// bugs.
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
    // Read. After a short transfer, the bytes that are missing are requested.
    TracePolicy::mark(transfer, block);
    BlockTransfer reading(block, job.alignment());
    while (reading.next(transfer, buffer.data)) {
      co_await transfer;
      reading.absorb(transfer);
    }
    // Accumulate: the part of XXH3 that does not depend on the order of the blocks.
    TracePolicy::prepare(job, reading, buffer.index, buffer.index);
    // Wait until the block before this one is hashed.
    typename TracePolicy::TurnWait turn;
    turn.sequencer = &job.sequencer();
    turn.block = block.index;
    turn.is_next = job.is_next(block);
    co_await turn;
    // Hash, and end the turn. If the block could not be read, this ends the run.
    TracePolicy::take_turn(job, reading, buffer.index, buffer.index, turn);
    // If another lane of this thread holds the turn, it goes first. If another thread is idle, it
    // may take this lane.
    Yield yield;
    co_await yield;
  }
}

// The state of the first request of a block when the lane begins the block.
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
  bool pays = true;
  Block block;
  bool has_block = job.plan().next(block);
  while (has_block) {
    // Wait for the request that was started during the block before. Then read what is missing.
    BlockTransfer reading(block, job.alignment());
    transfer.buffer_index = buffer.index;
    TracePolicy::mark(transfer, block);
    if (ahead == ReadAhead::pending) {
      typename TracePolicy::PendingCompletion completion;
      completion.transfer = &transfer;
      co_await completion;
    }
    if (ahead != ReadAhead::not_started) reading.absorb(transfer);
    while (reading.next(transfer, buffer.data)) {
      co_await transfer;
      reading.absorb(transfer);
    }
    // Start to read the next block into the other buffer.
    Block following;
    has_block = job.plan().next(following);
    ahead = ReadAhead::not_started;
    if (has_block && pays)
      ahead = begin_read<TracePolicy>(following, job.alignment(), other, transfer);
    // If the mechanism finished the read inside the call, reading ahead gains nothing: it only
    // evicts this block from the processor's cache. Then it is not done again.
    pays = ahead == ReadAhead::pending;
    // Hash this block meanwhile. It has the turn, because there is only one lane.
    TracePolicy::prepare(job, reading, 0, buffer.index);
    typename TracePolicy::TurnWait turn;
    turn.sequencer = &job.sequencer();
    turn.block = block.index;
    co_await turn;
    TracePolicy::take_turn(job, reading, 0, buffer.index, turn);
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
    BlockTransfer reading(block, job.alignment());
    while (reading.next(transfer, buffer.data)) {
      co_await transfer;
      reading.absorb(transfer);
    }
    if (!reading.whole()) job.fail(reading);
  }
}

template <class TracePolicy>
Lane copy(CopyJob& job, LaneBuffer buffer) {
  typename TracePolicy::Transfer transfer;
  transfer.buffer_index = buffer.index;
  Block block;
  while (job.reading().plan().next(block)) {
    // Read from the source.
    TracePolicy::mark(transfer, block);
    BlockTransfer reading(block, job.reading().alignment());
    transfer.file = &job.reading().file();
    transfer.operation = engine::Operation::read;
    transfer.via = job.reader();
    while (reading.next(transfer, buffer.data)) {
      co_await transfer;
      reading.absorb(transfer);
    }
    // Hash in file order, as the hash lane does.
    TracePolicy::prepare(job.reading(), reading, buffer.index, buffer.index);
    typename TracePolicy::TurnWait turn;
    turn.sequencer = &job.reading().sequencer();
    turn.block = block.index;
    turn.is_next = job.reading().is_next(block);
    co_await turn;
    TracePolicy::take_turn(job.reading(), reading, buffer.index, buffer.index, turn);
    if (!reading.whole()) continue;  // the run has ended: the plan has no more blocks
    // Write to the destination, at the same offset, in any order. Holes are not written.
    BlockWrite writing(block, reading.data(), job.destination().alignment, job.destination().holes);
    transfer.file = job.destination().file;
    transfer.operation = engine::Operation::write;
    transfer.via = nullptr;
    while (writing.next(transfer)) {
      co_await transfer;
      writing.absorb(transfer);
    }
    job.written(reading, writing);
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
