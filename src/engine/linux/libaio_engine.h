// The engine `libaio`: the native AIO of Linux. Each worker has a context of its own: requests are
// collected and go to the kernel in batches, one io_submit() each; completions are taken from the
// ring that the kernel shares with the program, and io_getevents() only sleeps where that is empty.
//
// The mechanism was made for direct access. A buffered read of what is not in the page cache blocks
// inside io_submit() until the data is there, and one of what is there is copied inside it: both
// are done when the call returns, in the order of submission.
//
// Workers are woken by a poll request on an eventfd (Linux 4.18), which completes like any other.
// Sources: io_setup(2), io_submit(2), io_getevents(2), eventfd(2), libaio.
#pragma once

#include "engine/registry.h"

namespace aiobench::engine {

// Fails, naming the sysctl to raise, where the system's limit on requests leaves too little room.
Result<std::unique_ptr<Engine>> make_libaio(const EngineConfig& config);

// The reason where the kernel was built without native AIO, or a filter forbids it.
Status libaio_available();

}  // namespace aiobench::engine
