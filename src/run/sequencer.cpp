#include "run/sequencer.h"

namespace aiobench::run {

Sequencer::Sequencer(unsigned lanes)
    : mask_(std::bit_ceil(std::uint64_t{lanes}) - 1),
      slots_(std::make_unique<Slot[]>(static_cast<std::size_t>(mask_ + 1))) {
  slot(0).value = token();
}

// Both sides exchange, and both exchanges are sequentially consistent, so the second one sees what
// the first one stored. Then the slot is free for the block one window later.
bool Sequencer::enter(std::uint64_t block, Waiter& lane) {
  Slot& target = slot(block);
  Waiter* const found = target.value.exchange(&lane);
  if (found == nullptr) return false;
  AIOBENCH_CHECK(found == token());
  target.value.store(nullptr);
  return true;
}

Waiter* Sequencer::pass(std::uint64_t block) {
  Slot& target = slot(block + 1);
  Waiter* const found = target.value.exchange(token());
  if (found == nullptr) return nullptr;
  AIOBENCH_CHECK(found != token());
  target.value.store(nullptr);
  return found;
}

}  // namespace aiobench::run
