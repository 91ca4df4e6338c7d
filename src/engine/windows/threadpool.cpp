#include "engine/windows/threadpool.h"

#include "base/error.h"
#include "engine/windows/overlapped_io.h"
#include "os/system_error.h"

namespace aiobench::engine {
namespace {

PTP_IO pool_io(const AttachedFile& file) {
  return static_cast<PTP_IO>(file.mechanism);
}

}  // namespace

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

// The last steps of the closing order (threadpool.h). No request is in flight.
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

ThreadpoolCounts ThreadpoolEngine::counts() const {
  return {started_.load(), cancelled_.load(), called_back_.load()};
}

Result<std::unique_ptr<Engine>> make_threadpool(const EngineConfig& config) {
  return std::unique_ptr<Engine>(std::make_unique<ThreadpoolEngine>(config));
}

}  // namespace aiobench::engine
