#include "os/live_view.h"

#include <array>

namespace aiobench::platform {
namespace {

std::array<LiveView, 256> table;

}  // namespace

void LiveView::note_loss(FileOffset from) {
  FileOffset noted = lost_from.load();
  while (from < noted && !lost_from.compare_exchange_weak(noted, from)) {
  }
}

LiveView* enter_view(const std::byte* data, std::uint64_t bytes) {
  for (LiveView& view : table) {
    if (view.taken.exchange(true)) continue;
    view.lost_from.store(LiveView::kNothing);
    view.bytes.store(bytes);
    view.begin.store(reinterpret_cast<std::uintptr_t>(data));
    return &view;
  }
  return nullptr;
}

void remove_view(LiveView& view) {
  view.begin.store(0);
  view.taken.store(false);
}

// Another view's entry may change hands meanwhile. `begin` is read once more, so that no address
// is held against one view's begin and another one's length.
LiveView* find_view(std::uintptr_t address) {
  for (LiveView& view : table) {
    const std::uintptr_t begin = view.begin.load();
    if (begin == 0 || address < begin || address - begin >= view.bytes.load()) continue;
    if (view.begin.load() == begin) return &view;
  }
  return nullptr;
}

}  // namespace aiobench::platform
