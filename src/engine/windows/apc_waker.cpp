#include "engine/windows/apc_waker.h"

#include "os/system_error.h"

namespace aiobench::engine {
namespace {

// It must not touch the waker: it may run when that is gone, in a later sleep of the thread.
void CALLBACK do_nothing(ULONG_PTR) {}

}  // namespace

Status ApcWaker::enter() {
  owned_thread_ = this_thread();
  if (!owned_thread_)
    return platform::system_error("get a handle of the thread", "", platform::last_error());
  thread_.store(owned_thread_.get());
  return {};
}

// The flag first: where the thread is not known yet, it will look at the flag before it sleeps.
void ApcWaker::wake() {
  if (woken_.exchange(true)) return;
  if (const HANDLE thread = thread_.load()) QueueUserAPC(do_nothing, thread, 0);
}

}  // namespace aiobench::engine
