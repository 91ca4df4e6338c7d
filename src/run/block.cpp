#include "run/block.h"

#include <fmt/core.h>

#include <algorithm>
#include <cstring>

#include "base/units.h"
#include "engine/engine.h"
#include "os/memory.h"
#include "os/system_error.h"

namespace aiobench::run {
namespace {

Error shrank(const engine::AttachedFile& file, FileOffset end) {
  Error error;
  error.operation = "read";
  error.path = file.file.path();
  error.offset = end;
  error.cause = fmt::format("the file ends here, but had {} bytes when it was opened", file.bytes);
  error.hint = "it shrank while it was read; try again when no process writes to it";
  return error;
}

// Compares the first byte with 0, and each byte with the one before it.
bool all_zeros(const std::byte* bytes, std::size_t count) {
  return count == 0 || (bytes[0] == std::byte{0} && std::memcmp(bytes, bytes + 1, count - 1) == 0);
}

}  // namespace

bool BlockTransfer::next(engine::Request& request, std::byte* buffer) const {
  if (whole() || at_end_ || error_ != 0) return false;
  request.buffer = buffer == nullptr ? nullptr : buffer + next_start_;
  request.offset = block_.offset + next_start_;
  request.bytes = static_cast<std::uint32_t>(align_up(block_.bytes, alignment_)) - next_start_;
  return true;
}

void BlockTransfer::absorb(const engine::Request& request) {
  if (request.error != 0) {
    error_ = request.error;
    return;
  }
  const std::uint32_t reached = next_start_ + request.transferred;
  // No new bytes: the end of the file. With direct access the request may have started before
  // received_, and have read the same bytes again.
  if (reached <= received_) {
    at_end_ = true;
    return;
  }
  received_ = reached;
  data_ = request.data - next_start_;
  mapping_ = request.mapping;
  next_start_ = static_cast<std::uint32_t>(align_down(received_, alignment_));
}

Error BlockTransfer::failure(const engine::AttachedFile& file) const {
  if (error_ == 0) return shrank(file, position());
  return os::system_error("read", file.file.path(), error_, position());
}

// A mapping loses a page when the file is truncated, or when the page was evicted from the page
// cache and cannot be read again.
std::optional<Error> BlockTransfer::loss(const engine::AttachedFile& file) const {
  const std::optional<FileOffset> lost = mapping_ != nullptr ? mapping_->lost_from() : std::nullopt;
  if (!lost || *lost >= block_.offset + block_.bytes) return std::nullopt;
  return lost_at(file, std::max(*lost, block_.offset));
}

std::optional<Error> BlockTransfer::loss_by_now(const engine::AttachedFile& file) const {
  if (mapping_ == nullptr || mapping_->populate(block_.offset, block_.bytes) == 0)
    return loss(file);
  return lost_at(file, block_.offset);
}

Error BlockTransfer::lost_at(const engine::AttachedFile& file, FileOffset offset) const {
  Result<std::uint64_t> size = file.file.size();
  if (!size) return size.take_error();
  if (*size < file.bytes) return shrank(file, std::max(*size, block_.offset));
  return os::system_error("read", file.file.path(), os::device_failure_code(), offset);
}

BlockWrite::BlockWrite(const Block& block, const std::byte* data, std::uint32_t alignment,
                       const HoleMap& holes)
    : block_(block), data_(data), alignment_(alignment), holes_(holes) {
  find_next(block.offset);
}

void BlockWrite::find_next(FileOffset from) {
  writing_ = {from, from};
  if (from >= end()) return;
  const ByteRange found = holes_.next({from, end()}, data_ + (from - block_.offset));
  if (!found.empty())
    writing_ = {align_down(found.begin, alignment_), align_up(found.end, alignment_)};
}

bool BlockWrite::next(engine::Request& request) {
  if (error_ != 0 || writing_.empty()) return false;
  // A request has no const buffer, because reads write into it.
  request.buffer = const_cast<std::byte*>(data_ + (writing_.begin - block_.offset));
  request.offset = writing_.begin;
  request.bytes = static_cast<std::uint32_t>(writing_.end - writing_.begin);
  return true;
}

void BlockWrite::absorb(const engine::Request& request) {
  error_ = request.error;
  if (error_ != 0) return;
  const FileOffset reached = align_down(writing_.begin + request.transferred, alignment_);
  if (writing_.begin + request.transferred >= writing_.end) {
    find_next(writing_.end);
  } else if (reached > writing_.begin) {
    writing_.begin = reached;
  } else {
    // Nothing was written, and no error was reported: repeating the request might never end.
    error_ = os::device_failure_code();
  }
}

ByteRange HoleMap::next(ByteRange part, const std::byte* bytes) const {
  if (!has_holes_) return part;
  const auto after =
      std::upper_bound(data_.begin(), data_.end(), part.begin,
                       [](FileOffset at, const ByteRange& range) { return at < range.end; });
  const ByteRange found = after == data_.end() ? ByteRange{part.end, part.end} : *after;
  const FileOffset hole_end = std::min(found.begin, part.end);
  if (hole_end > part.begin && !all_zeros(bytes, hole_end - part.begin)) {
    return {part.begin, hole_end};
  }
  return {std::max(found.begin, part.begin), std::min(found.end, part.end)};
}

}  // namespace aiobench::run
