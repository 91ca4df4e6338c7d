#include "engine/windows/extended_engine.h"

#include "engine/windows/apc_waker.h"
#include "engine/windows/overlapped_io.h"

namespace aiobench::engine {
namespace {

struct Native {
  OVERLAPPED overlapped;  // in front: its address is what the routine gets
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
  return workers_[worker].waker.enter();
}

Outcome ExtendedEngine::do_submit(unsigned worker, Request& request) {
  Native& native = request.make_native<Native>();
  native.done = &workers_[worker].done;
  set_offset(native.overlapped, request);
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

}  // namespace aiobench::engine
