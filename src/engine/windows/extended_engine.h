// The engine `extended`: ReadFileEx and WriteFileEx, with a completion routine that the system
// calls, as an APC, in the thread that started the request, and only while that thread waits
// alertably.
//
// The traps:
// - A thread that never waits alertably never hears of a completion. SleepEx() runs all routines
//   that are due before it returns.
// - Completions cannot be spread over threads: what a thread has started it has to finish itself.
// - There is no "finished inside the call": the routine is called in every case but a refusal.
//   That the request was finished already shows in its OVERLAPPED, which may be looked at because
//   the routine cannot run before this thread waits.
// - The handle must be bound to no completion port.
// Sources: "Alertable I/O", ReadFileEx, WriteFileEx, FileIOCompletionRoutine, SleepEx in the Win32
// reference.
#pragma once

#include "engine/engine.h"

namespace aiobench::engine {

class ExtendedEngine final : public Engine {
 public:
  explicit ExtendedEngine(const EngineConfig& config);
  ~ExtendedEngine() override;

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
