// The engine `extended`: ReadFileEx() and WriteFileEx() with a completion routine. The system calls
// the routine as an APC in the thread that started the request, and only while that thread waits
// alertably.
//
// The traps:
// - A thread that never waits alertably receives no completion. SleepEx() runs all pending routines
//   before it returns.
// - Completions cannot be distributed over threads: the thread that started a request must also
//   complete it.
// - The routine is called for every request unless the call fails, also for a request that finished
//   inside the call. The OVERLAPPED shows whether it has. It may be read because the routine cannot
//   run before this thread waits.
// - The handle must not be bound to a completion port.
//
// Sources: "Alertable I/O", ReadFileEx, WriteFileEx, FileIOCompletionRoutine, SleepEx in the Win32
// reference.

#include "engine/registry.h"
#include "engine/windows/overlapped_io.h"

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

namespace {

struct Native {
  OVERLAPPED overlapped;  // first member: the routine receives its address
  RequestQueue* done;     // of the worker that started the request
};

void CALLBACK on_completion(DWORD error, DWORD bytes, OVERLAPPED* overlapped) {
  Request& request = Request::from_native(overlapped);
  set_result(request, error, bytes);
  request.native_as<Native>().done->push(request);
}

}  // namespace

struct alignas(64) ExtendedEngine::Worker {
  ApcWaker waker;
  RequestQueue done;
};

ExtendedEngine::ExtendedEngine(const EngineConfig& config)
    : Engine(config), workers_(std::make_unique<Worker[]>(config.threads)) {}

ExtendedEngine::~ExtendedEngine() = default;

Status ExtendedEngine::do_enter(unsigned worker) {
  return workers_[worker].waker.set_thread();
}

Outcome ExtendedEngine::do_submit(unsigned worker, Request& request) {
  Native& native = request.make_native<Native>();
  native.done = &workers_[worker].done;
  os::set_offset(native.overlapped, request.offset);
  const HANDLE file = native_handle(*request.file);
  const BOOL started =
      request.operation == Operation::read
          ? ReadFileEx(file, request.buffer, request.bytes, &native.overlapped, on_completion)
          : WriteFileEx(file, request.buffer, request.bytes, &native.overlapped, on_completion);
  if (!started) {
    set_result(request, GetLastError(), 0);
    return outcome_of(request);
  }
  return HasOverlappedIoCompleted(&native.overlapped) ? Outcome::notified : Outcome::pending;
}

void ExtendedEngine::do_reap(unsigned worker, Wait wait, RequestQueue& completed) {
  Worker& self = workers_[worker];
  if (wait == Wait::no) {
    SleepEx(0, TRUE);
  } else {
    while (self.done.empty() && !self.waker.take_wake()) SleepEx(INFINITE, TRUE);
  }
  completed.append(self.done);
}

void ExtendedEngine::do_wake(unsigned worker) {
  workers_[worker].waker.wake();
}

void ExtendedEngine::do_cancel() {
  cancel_all(files());
}

Result<std::unique_ptr<Engine>> make_extended(const EngineConfig& config) {
  return std::unique_ptr<Engine>(std::make_unique<ExtendedEngine>(config));
}

}  // namespace aiobench::engine
