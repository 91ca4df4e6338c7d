// The ring in which the kernel hands out completions of native AIO. It is mapped into the program,
// at the address that io_setup(2) gives as the context, so completions can be taken without a
// system call; io_getevents(2) takes from the same ring. The layout is that of struct aio_ring in
// the kernel's fs/aio.c; libaio and fio read it too, and know it by its magic number. One thread
// takes at a time; the kernel may put meanwhile.
#pragma once

#include <libaio.h>

#include <atomic>

namespace aiobench::engine {

class AioRing {
 public:
  // `context` is one that io_setup() made, and lives longer.
  explicit AioRing(io_context_t context) : header_(reinterpret_cast<Header*>(context)) {}

  // False where the ring has a layout that is not this one: only io_getevents() can take then.
  bool readable() const {
    return header_->magic == kMagic && header_->incompat_features == 0 &&
           header_->header_length == sizeof(Header);
  }

  bool empty() const {
    return std::atomic_ref<unsigned>(header_->head).load(std::memory_order_relaxed) ==
           std::atomic_ref<unsigned>(header_->tail).load(std::memory_order_relaxed);
  }

  // The place of the next event to take.
  unsigned head() const {
    return std::atomic_ref<unsigned>(header_->head).load(std::memory_order_relaxed);
  }

  // Calls each(event) for all that is there from the place `seen` on, and moves that behind them.
  // Takes none.
  template <class Each>
  void look(unsigned& seen, const Each& each) const {
    const auto* const events = reinterpret_cast<const io_event*>(header_ + 1);
    const unsigned tail = std::atomic_ref<unsigned>(header_->tail).load(std::memory_order_acquire);
    for (; seen != tail; seen = seen + 1 == header_->capacity ? 0 : seen + 1) each(events[seen]);
  }

  // Calls each(event) for all that is there, and returns how many that were.
  template <class Each>
  unsigned take(const Each& each) {
    const std::atomic_ref<unsigned> shared_head(header_->head);
    const std::atomic_ref<unsigned> shared_tail(header_->tail);
    const auto* const events = reinterpret_cast<const io_event*>(header_ + 1);
    unsigned head = shared_head.load(std::memory_order_relaxed);  // moved by this side alone
    const unsigned tail = shared_tail.load(std::memory_order_acquire);
    unsigned count = 0;
    for (; head != tail; ++count) {
      each(events[head]);
      head = head + 1 == header_->capacity ? 0 : head + 1;
    }
    // From here on the kernel may put others in these places.
    if (count > 0) shared_head.store(head, std::memory_order_release);
    return count;
  }

 private:
  static constexpr unsigned kMagic = 0xa10a10a1;

  struct Header {
    unsigned id;
    unsigned capacity;  // in events, which follow this header
    unsigned head;      // the next to take
    unsigned tail;      // where the kernel puts the next
    unsigned magic;
    unsigned compat_features;
    unsigned incompat_features;
    unsigned header_length;
  };

  Header* header_;
};

}  // namespace aiobench::engine
