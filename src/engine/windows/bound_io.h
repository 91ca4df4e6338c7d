// Requests on a handle that is bound to a completion port, the program's own or the one beneath the
// thread pool's I/O objects: does a completion follow the call, or is it the caller's to tell?
// Sources: "I/O Completion Ports", StartThreadpoolIo, SetFileCompletionNotificationModes in the
// Win32 reference.
#pragma once

#include <windows.h>

#include "engine/engine.h"

namespace aiobench::engine {

// Starts the request. `finished` or `failed`: it is done, its result is filled in, and no
// completion follows. `pending` or `notified`: one does, perhaps in another thread before this
// returns.
Outcome start_bound(Request& request, OVERLAPPED& overlapped, bool skip_on_success);

// Fills in what came of a request whose completion was taken from the port with this NTSTATUS.
void take_completion(Request& request, OVERLAPPED& overlapped, ULONG_PTR status);

}  // namespace aiobench::engine
