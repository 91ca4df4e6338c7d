// The views that exist, for the handler of page faults that cannot be served: it has an address,
// and needs to know whether that lies in a view and where to note the loss. A handler may take no
// lock and use no memory that could be freed meanwhile: so this is a fixed table of atomics.
#pragma once

#include <atomic>
#include <cstddef>
#include <cstdint>

#include "base/error.h"

namespace aiobench::platform {

struct LiveView {
  static constexpr FileOffset kNothing = UINT64_MAX;

  std::atomic<bool> taken{false};
  std::atomic<std::uintptr_t> begin{0};  // 0: no handler finds it
  std::atomic<std::uint64_t> bytes{0};
  std::atomic<FileOffset> lost_from{kNothing};

  // Lowers lost_from. Called before zeros take the place of what was lost, so that whoever reads
  // zeros finds the loss noted.
  void note_loss(FileOffset from);
};

static_assert(std::atomic<std::uintptr_t>::is_always_lock_free, "used in a signal handler");
static_assert(std::atomic<FileOffset>::is_always_lock_free, "used in a signal handler");

// nullptr where the table is full.
LiveView* enter_view(const std::byte* data, std::uint64_t bytes);
void remove_view(LiveView& view);

// The view that `address` lies in, or nullptr. For a signal handler.
LiveView* find_view(std::uintptr_t address);

}  // namespace aiobench::platform
