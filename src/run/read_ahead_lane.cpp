#include "run/scheduler.h"
#include "run/hash.h"
#include "run/tracing.h"

namespace aiobench::pipeline {
namespace {

// Where the first request of a block stands when the lane comes to the block.
enum class Ahead { not_asked, pending, done };

template <class Way>
Ahead ask(const Block& block, std::uint32_t alignment, const LaneBuffer& buffer,
          typename Way::Transfer& transfer) {
  transfer.buffer_index = buffer.index;
  Way::mark(transfer, block);
  BlockTransfer(block, alignment).next(transfer, buffer.data);
  return Way::begin(transfer) ? Ahead::pending : Ahead::done;
}

// One transfer for both buffers, as one request is in flight at a time. See lane.h for what keeps
// this coroutine clear of compiler bugs.
template <class Way>
Lane read_ahead(HashJob& job, LaneBuffer buffer, LaneBuffer other) {
  typename Way::Transfer transfer;
  transfer.file = &job.file();
  Ahead ahead = Ahead::not_asked;
  bool worth_it = true;
  Block block;
  bool has_block = job.plan().claim(block);
  while (has_block) {
    BlockTransfer progress(block, job.alignment());
    transfer.buffer_index = buffer.index;
    Way::mark(transfer, block);
    if (ahead == Ahead::pending) {
      typename Way::Landing landing;
      landing.transfer = &transfer;
      co_await landing;
    }
    if (ahead != Ahead::not_asked) progress.absorb(transfer);
    while (progress.next(transfer, buffer.data)) {
      co_await transfer;
      progress.absorb(transfer);
    }
    Block following;
    has_block = job.plan().claim(following);
    ahead = Ahead::not_asked;
    if (has_block && worth_it) ahead = ask<Way>(following, job.alignment(), other, transfer);
    // A mechanism that reads inside the call only pushes this block out of the processor's cache.
    worth_it = ahead == Ahead::pending;
    Way::prepare(job, progress, 0, buffer.index);
    typename Way::TurnWait turn;
    turn.turnstile = &job.turnstile();
    turn.block = block.index;
    co_await turn;
    Way::take_turn(job, progress, 0, buffer.index, turn);
    if (ahead != Ahead::not_asked) std::swap(buffer, other);
    block = following;
  }
}

}  // namespace

Lane read_ahead_lane(HashJob& job, LaneBuffer buffer, LaneBuffer other, bool traced) {
  return traced ? read_ahead<Traced>(job, buffer, other) : read_ahead<Untraced>(job, buffer, other);
}

}  // namespace aiobench::pipeline
