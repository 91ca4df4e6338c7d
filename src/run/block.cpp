#include "run/block_transfer.h"

#include <fmt/core.h>

#include <algorithm>

#include "base/units.h"
#include "engine/engine.h"
#include "os/file_view.h"
#include "os/system_error.h"

namespace aiobench::pipeline {
namespace {

Error shrank(const engine::AttachedFile& file, FileOffset end) {
  Error error;
  error.operation = "read";
  error.path = file.file.path();
  error.offset = end;
  error.cause = fmt::format("the file ends here, but had {} bytes when it was opened", file.bytes);
  error.hint = "it shrank while it was read; read it when nobody writes to it";
  return error;
}

}  // namespace

bool BlockTransfer::next(engine::Request& request, std::byte* buffer) const {
  if (whole() || ended_ || error_ != 0) return false;
  request.buffer = buffer == nullptr ? nullptr : buffer + asked_;
  request.offset = block_.offset + asked_;
  request.bytes = static_cast<std::uint32_t>(align_up(block_.bytes, alignment_)) - asked_;
  return true;
}

void BlockTransfer::absorb(const engine::Request& request) {
  if (request.error != 0) {
    error_ = request.error;
    return;
  }
  const std::uint32_t reached = asked_ + request.transferred;
  // Nothing new, be it 0 bytes or, in direct access, a tail that was there before: the end.
  if (reached <= got_) {
    ended_ = true;
    return;
  }
  got_ = reached;
  data_ = request.data - asked_;
  view_ = request.view;
  asked_ = static_cast<std::uint32_t>(align_down(got_, alignment_));
}

Error BlockTransfer::failure(const engine::AttachedFile& file) const {
  if (error_ == 0) return shrank(file, position());
  return platform::system_error("read", file.file.path(), error_, position());
}

// A page goes where the file was cut off, or where it was pushed out of the cache and cannot be
// read again.
std::optional<Error> BlockTransfer::loss(const engine::AttachedFile& file) const {
  const std::optional<FileOffset> lost = view_ != nullptr ? view_->lost_from() : std::nullopt;
  if (!lost || *lost >= block_.offset + block_.bytes) return std::nullopt;
  return lost_at(file, std::max(*lost, block_.offset));
}

std::optional<Error> BlockTransfer::loss_by_now(const engine::AttachedFile& file) const {
  if (view_ == nullptr || view_->populate(block_.offset, block_.bytes) == 0) return loss(file);
  return lost_at(file, block_.offset);
}

Error BlockTransfer::lost_at(const engine::AttachedFile& file, FileOffset offset) const {
  Result<std::uint64_t> size = file.file.size();
  if (!size) return size.take_error();
  if (*size < file.bytes) return shrank(file, std::max(*size, block_.offset));
  return platform::system_error("read", file.file.path(), platform::device_failure_code(), offset);
}

}  // namespace aiobench::pipeline
