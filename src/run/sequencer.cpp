#include "run/sequencer.h"

namespace aiobench::run {

Sequencer::Sequencer(unsigned lanes)
    : mask_(std::bit_ceil(std::uint64_t{lanes}) - 1),
      slots_(std::make_unique<Slot[]>(static_cast<std::size_t>(mask_ + 1))) {
  slot(0).value = token();
}

// Both sides swap, and both swaps are sequentially consistent: the second of them sees what the
// first put there. Only then is the slot free for the block one window further on.
bool Sequencer::enter(std::uint64_t block, Waiter& lane) {
  Slot& place = slot(block);
  Waiter* const found = place.value.exchange(&lane);
  if (found == nullptr) return false;
  AIOBENCH_CHECK(found == token());
  place.value.store(nullptr);
  return true;
}

Waiter* Sequencer::pass(std::uint64_t block) {
  Slot& place = slot(block + 1);
  Waiter* const found = place.value.exchange(token());
  if (found == nullptr) return nullptr;
  AIOBENCH_CHECK(found != token());
  place.value.store(nullptr);
  return found;
}

}  // namespace aiobench::run
