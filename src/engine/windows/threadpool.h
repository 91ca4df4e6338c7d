// The engine `threadpool` on Windows: CreateThreadpoolIo(). The thread pool waits on its own
// completion port, and calls back in one of its threads for each completion. The lanes run in the
// threads of the pool; the program has no threads of its own for them.
//
// The traps:
// - StartThreadpoolIo() must be called before every request, not once for a file: it announces one
//   completion to the pool. A completion that was not announced makes the pool use freed structures
//   or a negative count: the program crashes, or a callback never comes.
// - If no completion follows, because the call failed or because the handle is in skip-on-success
// mode
//   and the request finished inside the call, CancelThreadpoolIo() must withdraw the announcement.
//   Otherwise the pool waits forever for the completion, and so does every thread that waits for
//   the pool.
// - A started request may complete in another thread before the call returns.
// - The closing order: no new requests, CancelIoEx(), WaitForThreadpoolIoCallbacks(), close the
//   file, CloseThreadpoolIo().
// - The pool chooses its number of threads. A private pool can be given limits.
//
// Sources: "Thread Pools", CreateThreadpoolIo, StartThreadpoolIo, CancelThreadpoolIo,
// WaitForThreadpoolIoCallbacks in the Win32 reference.
#pragma once

#include <windows.h>

#include <atomic>

#include "engine/engine.h"

namespace aiobench::engine {

// The calls so far. With no request in flight, started == cancelled + called_back: each
// announcement was followed by a completion or withdrawn.
struct ThreadpoolCounts {
  std::uint64_t started = 0;
  std::uint64_t cancelled = 0;
  std::uint64_t called_back = 0;
};

class ThreadpoolEngine final : public Engine {
 public:
  explicit ThreadpoolEngine(const EngineConfig& config);
  // Waits for callbacks that are still running.
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
  void do_reap(unsigned, Wait, RequestQueue&) override {}  // completions go to the host
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
