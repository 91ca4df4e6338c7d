// The engine `overlapped`: ReadFile and WriteFile with an event in each OVERLAPPED, and a worker
// that waits for the events of its requests.
//
// The traps:
// - WaitForMultipleObjects() takes 64 handles. A worker waits itself for its first 63 requests and
//   for the event that wakes it; the others are waited for in groups of 63 by helper threads, made
//   when first needed (wait_group.h). So a completion is seen as promptly as any, at any depth.
// - It reports the first of the handles that are set. A worker takes all that is done each time it
//   looks, or the last ones would starve. Looking costs no system call: the system writes the
//   result into the OVERLAPPED before it sets the event.
// - So a request may be taken, and its event be used for the next one, before the system comes to
//   set it. An event that is set says "look", no more.
// - Without an event in the OVERLAPPED, the file's own handle is set by any completion on it:
//   useless with two requests in flight.
// - The system cancels what a thread has in flight when the thread ends.
// Sources: "Synchronous and Asynchronous I/O", GetOverlappedResult, WaitForMultipleObjects in the
// Win32 reference.
#pragma once

#include "engine/engine.h"

namespace aiobench::engine {

class OverlappedEngine final : public Engine {
 public:
  explicit OverlappedEngine(const EngineConfig& config);
  ~OverlappedEngine() override;

 private:
  struct Worker;

  bool wants_asynchronous_handles() const override { return true; }
  Status do_enter(unsigned worker) override;
  Outcome do_submit(unsigned worker, Request& request) override;
  void do_reap(unsigned worker, Wait wait, RequestQueue& completed) override;
  void do_wake(unsigned worker) override;
  void do_cancel() override;

  std::unique_ptr<Worker[]> workers_;
};

}  // namespace aiobench::engine
