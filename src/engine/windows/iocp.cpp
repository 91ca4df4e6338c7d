// The engine `iocp`: all files are bound to one completion port, and all workers dequeue
// completions from it. A completion goes to any worker that waits, not necessarily to the one that
// started the request.
//
// The traps:
// - The system queues a completion packet also for a request that finished inside the call, unless
//   the handle is in skip-on-success mode. It queues none if the call failed, but Wine may: see
//   start_on_port(). An engine that is wrong about this loses a request or delivers it twice.
// - The address of the OVERLAPPED identifies the request; the completion key identifies only the
//   file.
// - A packet cannot be addressed to a thread: a port gives it to the thread that started to wait
//   last. If one worker were woken by PostQueuedCompletionStatus(), another could get the packet,
//   could only post it again, and could get it again. Therefore workers wait alertably, and an APC
//   wakes them (ApcWaker).
// - One call dequeues a batch of packets, and only the calling thread processes them, even if other
//   threads have nothing to do. Therefore the default batch is the worker's share of the depth. It
//   is at most 64: larger batches would not make a completion noticeably cheaper.
//
// Sources: "I/O Completion Ports", CreateIoCompletionPort, GetQueuedCompletionStatusEx,
// SetFileCompletionNotificationModes in the Win32 reference.

#include <algorithm>

#include "base/error.h"
#include "engine/registry.h"
#include "engine/windows/overlapped_io.h"
#include "os/system_error.h"

namespace aiobench::engine {

class IocpEngine final : public Engine {
 public:
  explicit IocpEngine(const EngineConfig& config);
  ~IocpEngine() override;

 private:
  struct Worker;

  bool wants_asynchronous_handles() const override { return true; }
  Status do_attach(AttachedFile& file) override;
  Status do_enter(unsigned worker) override;
  Outcome do_submit(unsigned worker, Request& request) override;
  void do_reap(unsigned worker, Wait wait, RequestQueue& completed) override;
  void do_wake(unsigned worker) override;
  void do_cancel() override;

  bool dequeue(Worker& worker, DWORD timeout_ms, RequestQueue& completed);

  const bool skip_on_success_;
  Handle port_;
  std::unique_ptr<Worker[]> workers_;
};

namespace {

std::uint64_t default_batch(const EngineConfig& config) {
  return std::clamp(config.depth / config.threads, 1u, 64u);
}

}  // namespace

struct alignas(64) IocpEngine::Worker {
  ApcWaker waker;
  std::vector<OVERLAPPED_ENTRY> packets;
};

IocpEngine::IocpEngine(const EngineConfig& config)
    : Engine(config),
      skip_on_success_(config.options.has("skip_on_success")),
      port_(CreateIoCompletionPort(INVALID_HANDLE_VALUE, nullptr, 0, config.threads)),
      workers_(std::make_unique<Worker[]>(config.threads)) {
  AIOBENCH_CHECK(port_);
  const auto batch = config.options.get("batch", default_batch(config));
  for (unsigned i = 0; i < config.threads; ++i) workers_[i].packets.resize(batch);
}

IocpEngine::~IocpEngine() = default;

// A handle stays bound to its port until it is closed, and can no longer be used with completion
// routines.
Status IocpEngine::do_attach(AttachedFile& file) {
  const HANDLE handle = native_handle(file);
  const auto key = reinterpret_cast<ULONG_PTR>(&file);
  if (CreateIoCompletionPort(handle, port_.get(), key, 0) == nullptr) {
    return os::system_error("bind to a completion port", file.file.path(), os::last_error());
  }
  if (skip_on_success_ &&
      !SetFileCompletionNotificationModes(handle, FILE_SKIP_COMPLETION_PORT_ON_SUCCESS)) {
    return os::system_error("set skip_on_success for", file.file.path(), os::last_error());
  }
  return {};
}

Status IocpEngine::do_enter(unsigned worker) {
  return workers_[worker].waker.set_thread();
}

Outcome IocpEngine::do_submit(unsigned, Request& request) {
  auto& overlapped = request.make_native<OVERLAPPED>();
  os::set_offset(overlapped, request.offset);
  return start_on_port(request, overlapped, skip_on_success_);
}

// Takes up to a batch of packets. Returns false if an APC ended the wait.
bool IocpEngine::dequeue(Worker& worker, DWORD timeout_ms, RequestQueue& completed) {
  ULONG count = 0;
  const BOOL alertable = timeout_ms != 0;
  if (!GetQueuedCompletionStatusEx(port_.get(), worker.packets.data(),
                                   static_cast<ULONG>(worker.packets.size()), &count, timeout_ms,
                                   alertable)) {
    const DWORD error = GetLastError();
    AIOBENCH_CHECK(error == WAIT_TIMEOUT || error == WAIT_IO_COMPLETION);
    return error == WAIT_TIMEOUT;
  }
  for (ULONG i = 0; i < count; ++i) {
    const OVERLAPPED_ENTRY& packet = worker.packets[i];
    Request& request = Request::from_native(packet.lpOverlapped);
    AIOBENCH_CHECK(reinterpret_cast<const AttachedFile*>(packet.lpCompletionKey) == request.file);
    take_completion(request, *packet.lpOverlapped, packet.Internal);
    completed.push(request);
  }
  return true;
}

void IocpEngine::do_reap(unsigned worker, Wait wait, RequestQueue& completed) {
  Worker& self = workers_[worker];
  if (wait == Wait::no) {
    dequeue(self, 0, completed);
    return;
  }
  // An APC whose wake was taken before may also end the wait. Then the loop waits again.
  for (;;) {
    const bool woken = self.waker.take_wake();
    if (dequeue(self, woken ? 0 : INFINITE, completed) || woken) return;
  }
}

void IocpEngine::do_wake(unsigned worker) {
  workers_[worker].waker.wake();
}

void IocpEngine::do_cancel() {
  cancel_all(files());
}

Result<std::unique_ptr<Engine>> make_iocp(const EngineConfig& config) {
  return std::unique_ptr<Engine>(std::make_unique<IocpEngine>(config));
}

}  // namespace aiobench::engine
