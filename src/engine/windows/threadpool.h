// The engine `threadpool`: CreateThreadpoolIo. The thread pool waits at a completion port of its
// own, and calls back on one of its threads for each completion. This program has no threads for
// it: the lanes run on the pool's.
//
// The traps:
// - StartThreadpoolIo() comes before every request, not once for a file: it tells the pool to
//   expect one completion more. A completion that nobody announced finds the pool's structures
//   freed, or its count below zero: a crash, or a callback that never comes.
// - Where no completion will come, CancelThreadpoolIo() takes the announcement back: the call was
//   refused, or it succeeded at once on a handle in skip-on-success mode. Forgotten, the pool
//   waits for it for ever, and so does who waits for the pool.
// - After a request has been started it may be done, in another thread, before the call returns.
// - The closing order: no new requests, CancelIoEx(), WaitForThreadpoolIoCallbacks(), close the
//   file, CloseThreadpoolIo().
// - The pool chooses its number of threads; a pool of one's own can be told the limits.
// Sources: "Thread Pools", CreateThreadpoolIo, StartThreadpoolIo, CancelThreadpoolIo,
// WaitForThreadpoolIoCallbacks in the Win32 reference.
#pragma once

#include <windows.h>

#include <atomic>

#include "engine/engine.h"

namespace aiobench::engine {

// At rest, started == cancelled + called_back: each announcement is met by one completion, or taken
// back.
struct ThreadpoolCounts {
  std::uint64_t started = 0;
  std::uint64_t cancelled = 0;
  std::uint64_t called_back = 0;
};

class ThreadpoolEngine final : public Engine {
 public:
  explicit ThreadpoolEngine(const EngineConfig& config);
  // Waits for callbacks that have not returned yet.
  ~ThreadpoolEngine() override;

  bool has_own_threads() const override { return true; }

  ThreadpoolCounts counts() const;

 private:
  static void CALLBACK on_completion(PTP_CALLBACK_INSTANCE, void* engine, void* overlapped,
                                     ULONG error, ULONG_PTR bytes, PTP_IO);
  static void CALLBACK on_wake(PTP_CALLBACK_INSTANCE, void* engine, PTP_WORK);

  bool wants_asynchronous_handles() const override { return true; }
  Status do_attach(AttachedFile& file) override;
  Outcome do_submit(unsigned worker, Request& request) override;
  void do_reap(unsigned, Wait, RequestQueue&) override {}  // the host gets all completions
  void do_wake(unsigned worker) override;
  void do_cancel() override;
  void do_quiesce() override;

  const bool skip_on_success_;
  PTP_POOL pool_;
  TP_CALLBACK_ENVIRON environment_;
  PTP_WORK wake_;

  std::atomic<std::uint64_t> started_{0};
  std::atomic<std::uint64_t> cancelled_{0};
  std::atomic<std::uint64_t> called_back_{0};
};

}  // namespace aiobench::engine
