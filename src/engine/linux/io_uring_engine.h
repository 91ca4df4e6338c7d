// The engine `io_uring`: two rings shared with the kernel, one that requests go into and one that
// completions come out of. Each worker has a pair of its own, so no lock is needed; a batch of
// requests is handed over, and completions are waited for, with one system call.
// Sources: io_uring_setup(2), io_uring_enter(2), io_uring_register(2), liburing.
#pragma once

#include "engine/registry.h"

namespace aiobench::engine {

Result<std::unique_ptr<Engine>> make_io_uring(const EngineConfig& config);

// The reason names what keeps io_uring from being used: an old kernel, a sysctl or a filter.
Status io_uring_available();

}  // namespace aiobench::engine
