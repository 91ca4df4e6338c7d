// The engine `posix-aio`: the asynchronous I/O of POSIX, which on Linux glibc does with threads of
// its own that pread(2) and pwrite(2). A worker collects its finished requests by aio_error(), and
// sleeps in aio_suspend().
//
// glibc serves the requests of one descriptor one after another, in the order of submission and by
// one thread at a time. So depth on one file is a queue and no parallelism. This engine relies on
// the order only to be quick: of each file a worker looks at the oldest of its requests alone.
//
// Completions by SIGEV_THREAD, on threads of the mechanism's own, are not used, on purpose: glibc
// ignores it when such a thread cannot be started, and the completion would be lost for ever.
//
// A wake is a cancellation. Each worker sleeps on a read that never starts as well: it waits in
// glibc's queue behind a read of an empty pipe, which one of glibc's threads stays in as long as
// the program runs. aio_cancel(3) takes it out, from any thread, and that ends aio_suspend(). An
// eventfd for each worker would do too, but would take one of glibc's threads for each, which would
// block in read(2); glibc ignores it also when it cannot start such a thread.
// Sources: aio(7), aio_suspend(3), aio_cancel(3), aio_init(3), glibc's aio_misc.c.
#pragma once

#include "engine/registry.h"

namespace aiobench::engine {

// Success, or why it cannot be used: it is in every build but that with the thread sanitizer.
Status posix_aio_available();

// Fails where glibc cannot start its threads, which it does once for the whole program.
Result<std::unique_ptr<Engine>> make_posix_aio(const EngineConfig& config);

}  // namespace aiobench::engine
