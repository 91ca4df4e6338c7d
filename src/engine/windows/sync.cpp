// The engine `sync`: ReadFile() and WriteFile() on a handle without FILE_FLAG_OVERLAPPED, in the
// submitting thread. It is the baseline for the asynchronous mechanisms.
//
// The trap: Windows executes only one request at a time on a synchronous handle; requests of other
// threads wait. Therefore each worker has a handle of its own, created by ReOpenFile(), which needs
// no path. All workers share the handle of a file that the caller opened and attached.
//
// Sources: "Synchronous and Asynchronous I/O", ReOpenFile, CancelSynchronousIo in the Win32
// reference.

#include <atomic>

#include "engine/registry.h"
#include "engine/windows/overlapped_io.h"
#include "os/system_error.h"

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

namespace {

// Opens another handle of the same file. Its path is not used: it might lead to another file by
// now.
Result<os::File> reopen(const AttachedFile& file) {
  const os::OpenOptions& options = *file.opened_with;
  const HANDLE handle = ReOpenFile(native_handle(file), os::access_rights(options.access),
                                   FILE_SHARE_READ | FILE_SHARE_WRITE | FILE_SHARE_DELETE,
                                   options.direct ? static_cast<DWORD>(FILE_FLAG_NO_BUFFERING) : 0);
  if (handle == INVALID_HANDLE_VALUE) {
    return os::system_error("reopen", file.file.path(), os::last_error());
  }
  return os::File::adopt(reinterpret_cast<os::NativeHandle>(handle), file.file.path());
}

}  // namespace

struct alignas(64) SyncEngine::Worker {
  Sleeper sleeper;
  std::vector<os::File> files;  // the worker's own handles, by AttachedFile::index; may be closed
  Handle owned_thread;
  std::atomic<HANDLE> thread{nullptr};
};

SyncEngine::SyncEngine(const EngineConfig& config)
    : Engine(config), workers_(std::make_unique<Worker[]>(config.threads)) {}

SyncEngine::~SyncEngine() = default;

// Worker 0 uses the handle of the attached file.
Status SyncEngine::do_attach(AttachedFile& file) {
  for (unsigned i = 0; i < config().threads; ++i) {
    workers_[i].files.resize(file.index + 1);
    if (i == 0 || !file.opened_with) continue;
    Result<os::File> again = reopen(file);
    if (!again) return again.take_error();
    workers_[i].files[file.index] = again.take();
  }
  return {};
}

Status SyncEngine::do_enter(unsigned worker) {
  Worker& self = workers_[worker];
  self.owned_thread = this_thread();
  self.thread.store(self.owned_thread.get());
  return {};
}

Outcome SyncEngine::do_submit(unsigned worker, Request& request) {
  const os::File& own = workers_[worker].files[request.file->index];
  transfer_now(own.is_open() ? own : request.file->file, request);
  return outcome_of(request);
}

// No request is ever in flight, so only a wake can end the wait.
void SyncEngine::do_reap(unsigned worker, Wait wait, RequestQueue&) {
  if (wait == Wait::yes) workers_[worker].sleeper.sleep();
}

void SyncEngine::do_wake(unsigned worker) {
  workers_[worker].sleeper.wake();
}

// CancelIoEx() is for asynchronous requests. A blocked call is cancelled through its thread.
void SyncEngine::do_cancel() {
  for (unsigned i = 0; i < config().threads; ++i) {
    if (const HANDLE thread = workers_[i].thread.load()) CancelSynchronousIo(thread);
  }
}

Result<std::unique_ptr<Engine>> make_sync(const EngineConfig& config) {
  return std::unique_ptr<Engine>(std::make_unique<SyncEngine>(config));
}

}  // namespace aiobench::engine
