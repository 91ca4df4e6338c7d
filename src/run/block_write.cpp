#include "run/block_write.h"

#include "base/units.h"
#include "os/system_error.h"

namespace aiobench::pipeline {

BlockWrite::BlockWrite(const Block& block, const std::byte* data, std::uint32_t alignment,
                       const HoleMap& holes)
    : block_(block), data_(data), alignment_(alignment), holes_(holes) {
  find(block.offset);
}

void BlockWrite::find(FileOffset from) {
  now_ = {from, from};
  if (from >= end()) return;
  const Stretch found = holes_.next({from, end()}, data_ + (from - block_.offset));
  if (!found.empty()) now_ = {align_down(found.begin, alignment_), align_up(found.end, alignment_)};
}

bool BlockWrite::next(engine::Request& request) {
  if (error_ != 0 || now_.empty()) return false;
  // Requests have no `const`, as those that read write into their buffer.
  request.buffer = const_cast<std::byte*>(data_ + (now_.begin - block_.offset));
  request.offset = now_.begin;
  request.bytes = static_cast<std::uint32_t>(now_.end - now_.begin);
  return true;
}

void BlockWrite::absorb(const engine::Request& request) {
  error_ = request.error;
  if (error_ != 0) return;
  const FileOffset reached = align_down(now_.begin + request.transferred, alignment_);
  if (now_.begin + request.transferred >= now_.end) {
    find(now_.end);
  } else if (reached > now_.begin) {
    now_.begin = reached;
  } else {
    // Nothing written, and no reason told: asking again could go on for ever.
    error_ = platform::device_failure_code();
  }
}

}  // namespace aiobench::pipeline
