// A request done with a blocking call in the calling thread: what the engines without a
// mechanism of their own (`sync`, Linux' `threadpool`) have in common.
#pragma once

#include "engine/engine.h"

namespace aiobench::engine {

// Runs `request` on `file` and fills in what came of it.
inline void transfer_now(const platform::File& file, Request& request) {
  const platform::Transferred done =
      request.operation == Operation::read
          ? file.read_at(request.buffer, request.bytes, request.offset)
          : file.write_at(request.buffer, request.bytes, request.offset);
  request.transferred = done.bytes;
  request.error = done.error;
}

}  // namespace aiobench::engine
