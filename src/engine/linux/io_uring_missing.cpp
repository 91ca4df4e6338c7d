// Replaces io_uring.cpp if liburing was not found at build time.
#include "engine/registry.h"

namespace aiobench::engine {

Status io_uring_available() {
  return usage_error("use engine 'io_uring'", "this aiobench was built without liburing",
                     "install liburing-dev and build again");
}

Result<std::unique_ptr<Engine>> make_io_uring(const EngineConfig&) {
  return io_uring_available().take_error();
}

}  // namespace aiobench::engine
