#include "run/copy.h"

#include "os/interrupt.h"
#include "os/system_error.h"

namespace aiobench::pipeline {

std::optional<Error> CopyJob::failure() const {
  const std::optional<Error>& reading = source_.failure();
  if (!reading || (failure_ && failure_->offset < reading->offset)) return failure_;
  return reading;
}

void CopyJob::written(const BlockTransfer& read, const BlockWrite& writing) {
  if (writing.error() != 0) {
    source_.stop();
    // Cancelled by the program itself, after Ctrl-C: that is told elsewhere.
    if (platform::interrupted() && platform::is_cancelled(writing.error())) return;
    // The system's "bad address" is of a mapping that has lost what was to be written.
    if (std::optional<Error> lost = read.loss_by_now(source_.file())) {
      note(std::move(*lost));
      return;
    }
    note(platform::system_error("write", destination_.path, writing.error(), writing.position()));
    return;
  }
  // What a mapping has lost since it was hashed was written as zeros.
  if (std::optional<Error> lost = read.loss(source_.file())) {
    source_.stop();
    note(std::move(*lost));
    return;
  }
  written_bytes_.fetch_add(read.block().bytes, std::memory_order_relaxed);
}

void CopyJob::note(Error error) {
  const std::lock_guard lock(mutex_);
  if (!failure_ || error.offset < failure_->offset) failure_ = std::move(error);
}

}  // namespace aiobench::pipeline
