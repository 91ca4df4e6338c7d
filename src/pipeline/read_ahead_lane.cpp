#include "pipeline/crew.h"
#include "pipeline/hash_job.h"

namespace aiobench::pipeline {
namespace {

// Where the first request of a block stands when the lane comes to the block.
enum class Ahead { not_asked, pending, done };

Ahead ask(const Block& block, std::uint32_t alignment, const LaneBuffer& buffer,
          Transfer& transfer) {
  transfer.buffer_index = buffer.index;
  BlockTransfer(block, alignment).next(transfer, buffer.data);
  return current_worker().begin(transfer) ? Ahead::pending : Ahead::done;
}

}  // namespace

// One transfer for both buffers, as one request is in flight at a time. See lane.h for what keeps
// this coroutine clear of compiler bugs.
Lane read_ahead_lane(HashJob& job, LaneBuffer buffer, LaneBuffer other) {
  Transfer transfer;
  transfer.file = &job.file();
  Ahead ahead = Ahead::not_asked;
  bool worth_it = true;
  Block block;
  bool has_block = job.plan().claim(block);
  while (has_block) {
    BlockTransfer progress(block, job.alignment());
    transfer.buffer_index = buffer.index;
    if (ahead == Ahead::pending) {
      Landing landing;
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
    if (has_block && worth_it) ahead = ask(following, job.alignment(), other, transfer);
    // A mechanism that reads inside the call only pushes this block out of the processor's cache.
    worth_it = ahead == Ahead::pending;
    job.prepare(progress, 0);
    TurnWait turn;
    turn.turnstile = &job.turnstile();
    turn.block = block.index;
    co_await turn;
    job.take_turn(progress, 0);
    if (ahead != Ahead::not_asked) std::swap(buffer, other);
    block = following;
  }
}

}  // namespace aiobench::pipeline
