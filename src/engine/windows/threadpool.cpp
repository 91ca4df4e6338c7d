// The engine `threadpool` on Windows: CreateThreadpoolIo(). The thread pool waits on its own
// completion port, and calls back in one of its threads for each completion. The lanes run in the
// threads of the pool; the program has no threads of its own for them.
//
// The traps:
// - StartThreadpoolIo() must be called before every request, not once for a file: it announces one
//   completion to the pool. A completion that was not announced makes the pool use freed structures
//   or a negative count: the program crashes, or a callback never comes.
// - If no completion follows, because the call failed, or because the handle is in skip-on-success
//   mode and the request finished inside the call, CancelThreadpoolIo() must withdraw the
//   announcement. Otherwise the pool waits forever for the completion, and so does every thread
//   that waits for the pool.
// - A started request may complete in another thread before the call returns.
// - The closing order: no new requests, CancelIoEx(), WaitForThreadpoolIoCallbacks(), close the
//   file, CloseThreadpoolIo().
// - The pool chooses its number of threads. A private pool can be given limits.
//
// Sources: "Thread Pools", CreateThreadpoolIo, StartThreadpoolIo, CancelThreadpoolIo,
// WaitForThreadpoolIoCallbacks in the Win32 reference.
#include <windows.h>

#include <array>
#include <atomic>

#include "base/error.h"
#include "engine/engine.h"
#include "engine/windows/overlapped_io.h"
#include "os/system_error.h"

namespace aiobench::engine {
namespace {

class ThreadpoolEngine final : public Engine {
 public:
  explicit ThreadpoolEngine(const EngineConfig& config);
  // Waits for callbacks that are still running.
  ~ThreadpoolEngine() override;

  bool has_own_threads() const override { return true; }

  // The calls of StartThreadpoolIo() and CancelThreadpoolIo(), and the callbacks, so far. With no
  // request in flight the first number is the sum of the others: each announcement was followed by
  // a completion or withdrawn.
  std::array<std::uint64_t, 3> calls() const {
    return {started_.load(), cancelled_.load(), called_back_.load()};
  }

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

PTP_IO pool_io(const AttachedFile& file) {
  return static_cast<PTP_IO>(file.mechanism);
}

ThreadpoolEngine::ThreadpoolEngine(const EngineConfig& config)
    : Engine(config),
      skip_on_success_(config.options.has("skip_on_success")),
      pool_(CreateThreadpool(nullptr)) {
  AIOBENCH_CHECK(pool_ != nullptr);
  // The minimum and the maximum are both the requested number of threads. Otherwise the pool would
  // start with fewer, and add another whenever one blocks. Setting the minimum fails if the system
  // cannot create the threads; the pool then creates them as it can.
  SetThreadpoolThreadMaximum(pool_, config.threads);
  SetThreadpoolThreadMinimum(pool_, config.threads);
  InitializeThreadpoolEnvironment(&environment_);
  SetThreadpoolCallbackPool(&environment_, pool_);
  wake_ = CreateThreadpoolWork(on_wake, this, &environment_);
  AIOBENCH_CHECK(wake_ != nullptr);
}

// The last steps of the closing order. No request is in flight.
ThreadpoolEngine::~ThreadpoolEngine() {
  do_quiesce();
  for (const auto& file : files()) {
    static_cast<void>(file->file.close());
    CloseThreadpoolIo(pool_io(*file));
  }
  CloseThreadpoolWork(wake_);
  DestroyThreadpoolEnvironment(&environment_);
  CloseThreadpool(pool_);
}

Status ThreadpoolEngine::do_attach(AttachedFile& file) {
  const HANDLE handle = native_handle(file);
  if (skip_on_success_ &&
      !SetFileCompletionNotificationModes(handle, FILE_SKIP_COMPLETION_PORT_ON_SUCCESS)) {
    return os::system_error("set skip_on_success for", file.file.path(), os::last_error());
  }
  const PTP_IO io = CreateThreadpoolIo(handle, on_completion, this, &environment_);
  if (io == nullptr) {
    return os::system_error("bind to the thread pool", file.file.path(), os::last_error());
  }
  file.mechanism = io;
  return {};
}

Outcome ThreadpoolEngine::do_submit(unsigned, Request& request) {
  const PTP_IO io = pool_io(*request.file);
  auto& overlapped = request.make_native<OVERLAPPED>();
  os::set_offset(overlapped, request.offset);
  started_.fetch_add(1, std::memory_order_relaxed);
  StartThreadpoolIo(io);
  const Outcome outcome = start_on_port(request, overlapped, skip_on_success_);
  if (outcome == Outcome::finished || outcome == Outcome::failed) {  // no callback will come
    CancelThreadpoolIo(io);
    cancelled_.fetch_add(1, std::memory_order_relaxed);
  }
  return outcome;
}

void CALLBACK ThreadpoolEngine::on_completion(PTP_CALLBACK_INSTANCE, void* engine, void* overlapped,
                                              ULONG error, ULONG_PTR bytes, PTP_IO) {
  ThreadpoolEngine& self = *static_cast<ThreadpoolEngine*>(engine);
  Request& request = Request::from_native(overlapped);
  set_result(request, error, bytes);
  self.called_back_.fetch_add(1, std::memory_order_relaxed);
  self.deliver(request);
}

void CALLBACK ThreadpoolEngine::on_wake(PTP_CALLBACK_INSTANCE, void* engine, PTP_WORK) {
  static_cast<ThreadpoolEngine*>(engine)->host().woken();
}

// The pool calls on_wake() once for each SubmitThreadpoolWork(), in any of its threads, so no wake
// is lost. A thread of the pool is not bound to a worker, so the number of the worker does not
// matter.
void ThreadpoolEngine::do_wake(unsigned) {
  SubmitThreadpoolWork(wake_);
}

void ThreadpoolEngine::do_cancel() {
  cancel_all(files());
}

// No request is in flight, but the callback of the last one may still be running, and the callback
// of a wake may be running or about to run.
void ThreadpoolEngine::do_quiesce() {
  constexpr BOOL kDropWaiting = TRUE;
  for (const auto& file : files()) WaitForThreadpoolIoCallbacks(pool_io(*file), FALSE);
  WaitForThreadpoolWorkCallbacks(wake_, kDropWaiting);
}

}  // namespace

Result<std::unique_ptr<Engine>> make_threadpool(const EngineConfig& config) {
  return std::unique_ptr<Engine>(std::make_unique<ThreadpoolEngine>(config));
}

// For the tests: ThreadpoolEngine::calls() of an engine that make_threadpool() has made.
std::array<std::uint64_t, 3> threadpool_calls(const Engine& engine) {
  return dynamic_cast<const ThreadpoolEngine&>(engine).calls();
}

}  // namespace aiobench::engine
