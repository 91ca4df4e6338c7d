#include "pipeline/block_transfer.h"

#include <fmt/format.h>

#include "base/size.h"
#include "engine/engine.h"
#include "platform/system_error.h"

namespace aiobench::pipeline {

bool BlockTransfer::next(engine::Request& request, std::byte* buffer) const {
  if (whole() || ended_ || error_ != 0) return false;
  request.buffer = buffer + asked_;
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
  const std::string& path = file.file.path();
  if (error_ != 0) return platform::system_error("read", path, error_, position());
  Error error;
  error.operation = "read";
  error.path = path;
  error.offset = position();
  error.cause = fmt::format("the file ends here, but had {} bytes when it was opened", file.bytes);
  error.hint = "it shrank while it was read; read it when nobody writes to it";
  return error;
}

}  // namespace aiobench::pipeline
