// The engine `sync`: ReadFile and WriteFile on a handle without FILE_FLAG_OVERLAPPED, in the thread
// that submits. The baseline that every asynchronous mechanism has to beat.
//
// The trap: Windows lets one request at a time onto a synchronous handle, whichever threads they
// come from; the others wait. So each worker has a handle of its own, made by ReOpenFile(), which
// needs no path. A file that the caller opened and attached has one handle for all.
// Sources: "Synchronous and Asynchronous I/O", ReOpenFile, CancelSynchronousIo in the Win32
// reference.
#pragma once

#include "engine/engine.h"

namespace aiobench::engine {

class SyncEngine final : public Engine {
 public:
  explicit SyncEngine(const EngineConfig& config);
  ~SyncEngine() override;

 private:
  struct Worker;

  Status do_attach(AttachedFile& file) override;
  Status do_enter(unsigned worker) override;
  Outcome do_submit(unsigned worker, Request& request) override;
  void do_reap(unsigned worker, Wait wait, RequestQueue& completed) override;
  void do_wake(unsigned worker) override;
  void do_cancel() override;

  std::unique_ptr<Worker[]> workers_;
};

}  // namespace aiobench::engine
