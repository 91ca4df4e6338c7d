// The engine `iocp`: all files are bound to one completion port, and all workers take completed
// requests out of it. Whichever thread asks next gets the next completion, not the one that
// started the request.
//
// The traps:
// - A request that was finished inside the call still puts a packet into the port, unless the
//   handle is in skip-on-success mode; one that was refused never does. Mistaking one for the
//   other loses a request, or delivers it twice.
// - The OVERLAPPED's address says which request a packet is about; the completion key says which
//   file, no more.
// - A port lets as many threads run at once as its concurrency value says, and hands packets to
//   the thread that began to wait last. So a packet cannot be addressed: a wake by
//   PostQueuedCompletionStatus() meant for one worker would reach another, which could only post
//   it again, and get it again. Workers wait alertably instead, and are woken by an APC.
// - A batch taken by one thread is work that the others do not get: the default is each worker's
//   fair share of the depth, at most 64, beyond which the cost of the call is spread thin enough.
// Sources: "I/O Completion Ports", CreateIoCompletionPort, GetQueuedCompletionStatusEx,
// SetFileCompletionNotificationModes in the Win32 reference.
#pragma once

#include "engine/engine.h"
#include "engine/windows/handle.h"

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

}  // namespace aiobench::engine
