// The engine `posix-aio`: the asynchronous I/O of POSIX. On Linux, glibc implements it with threads
// of its own that call pread(2) and pwrite(2). A worker collects completed requests with
// aio_error() and sleeps in aio_suspend().
//
// The traps:
// - glibc executes the requests of one descriptor one after another, in the order of submission. A
//   higher depth on one file therefore does not execute more requests at once. This engine uses the
//   order for speed: for each file, a worker checks only its oldest request.
// - SIGEV_THREAD, which delivers completions in threads of the mechanism, is not used: glibc
//   ignores a failure to start such a thread, and the completion would be lost.
// - Only a completion ends aio_suspend(), so a wake must complete a request. Each worker waits not
//   only for its requests but also for a read that never starts: it is in glibc's queue behind a
//   read of an empty pipe, in which one of glibc's threads blocks as long as the program runs. A
//   wake cancels the queued read with aio_cancel(3), from any thread, and this ends aio_suspend().
//   An eventfd per worker would work too, but it would block one of glibc's threads per worker in
//   read(2), and glibc also ignores a failure to start these threads.
//
// Sources: aio(7), aio_suspend(3), aio_cancel(3), aio_init(3), glibc's aio_misc.c.

#include <aio.h>
#include <fcntl.h>
#include <unistd.h>

#include <atomic>
#include <cerrno>
#include <limits>

#include "engine/registry.h"
#include "os/system_error.h"

namespace aiobench::engine {

namespace {

void fill_in(aiocb& block, int fd, void* buffer, std::size_t bytes) {
  block.aio_fildes = fd;
  block.aio_buf = buffer;
  block.aio_nbytes = bytes;
  block.aio_sigevent.sigev_notify = SIGEV_NONE;  // 0 would mean a signal
}

bool in_progress(const aiocb& block) {
  return ::aio_error(&block) == EINPROGRESS;
}

// Starts a read that blocks; returns whether a thread of glibc executes it. If a thread does, the
// read cannot be cancelled.
bool occupies_thread(aiocb& read) {
  return ::aio_read(&read) == 0 && ::aio_cancel(read.aio_fildes, &read) == AIO_NOTCANCELED;
}

Error too_few_threads() {
  Error error = os::system_error("start glibc's threads for POSIX AIO", "", EAGAIN);
  error.hint = "raise the limit on threads with ulimit -u";
  return error;
}

// One thread blocks in the read of the wake pipe. Each of the others executes the requests of one
// file at a time.
constexpr std::size_t kThreads = 4;

// Starts `count` of glibc's threads before the first request, because glibc does not report a
// failure to start one. Each executes a read that blocks until this function closes the pipe. glibc
// is configured to keep the threads.
Status start_threads(std::size_t count) {
  int ends[2] = {-1, -1};
  if (::pipe2(ends, O_CLOEXEC) != 0) return os::system_error("create a pipe", "", errno);
  Status status;
  char nothing = 0;
  std::vector<aiocb> reads(count);
  for (aiocb& read : reads) {
    fill_in(read, ::fcntl(ends[0], F_DUPFD_CLOEXEC, 3), &nothing, 1);
    if (read.aio_fildes < 0) {
      status = os::system_error("create a pipe", "", errno);
      break;
    }
    if (!occupies_thread(read)) {
      status = too_few_threads();
      break;
    }
  }
  ::close(ends[1]);
  for (const aiocb& read : reads) {
    const aiocb* const list[] = {&read};
    while (in_progress(read)) ::aio_suspend(list, 1, nullptr);
    if (read.aio_fildes > 0) ::close(read.aio_fildes);
  }
  ::close(ends[0]);
  return status;
}

// An empty pipe, and a read of it that occupies one of glibc's threads. Further reads of the pipe
// wait in glibc's queue until they are cancelled. Each worker waits for one of these. Any thread.
class WakePipe {
 public:
  // The only instance, created by the first call. It is never destroyed, because one of glibc's
  // threads blocks in its read.
  static Result<WakePipe*> get();
  // A read that only wake() ends. The caller passes it to aio_read().
  aiocb sleeping_read();
  void wake(aiocb& sleeping) const { ::aio_cancel(ends_[0], &sleeping); }

 private:
  Status open();

  int ends_[2] = {-1, -1};
  char nothing_ = 0;
  aiocb occupier_{};
};

Result<WakePipe*> WakePipe::get() {
  static WakePipe* const wake_pipe = new WakePipe;
  static const Status opened = wake_pipe->open();
  if (!opened) return opened.error();
  return wake_pipe;
}

Status WakePipe::open() {
  aioinit settings{};
  settings.aio_threads = kThreads;
  settings.aio_num = 64;  // requests for which glibc allocates room at first
  settings.aio_idle_time = std::numeric_limits<int>::max();
  ::aio_init(&settings);
  if (::pipe2(ends_, O_CLOEXEC) != 0) return os::system_error("create a pipe", "", errno);
  occupier_ = sleeping_read();
  if (!occupies_thread(occupier_)) return too_few_threads();
  return start_threads(kThreads - 1);
}

aiocb WakePipe::sleeping_read() {
  aiocb block{};
  fill_in(block, ends_[0], &nothing_, 1);
  return block;
}

struct alignas(64) Worker {
  std::vector<RequestQueue> in_flight;  // per file, in the order in which glibc executes them
  std::vector<const aiocb*> watched;    // the arguments of aio_suspend()
  aiocb sleeping{};                     // WakePipe::sleeping_read()
  std::atomic<bool> woken{false};
};

const aiocb& block_of(const Request& request) {
  return *std::launder(reinterpret_cast<const aiocb*>(request.native));
}

class PosixAioEngine final : public Engine {
 public:
  PosixAioEngine(const EngineConfig& config, WakePipe& wake_pipe);
  ~PosixAioEngine() override;

 private:
  Status do_enter(unsigned worker) override;
  Outcome do_submit(unsigned worker, Request& request) override;
  void do_reap(unsigned worker, Wait wait, RequestQueue& completed) override;
  void do_wake(unsigned worker) override;
  void do_cancel() override;

  void collect(Worker& worker, RequestQueue& completed);
  // Sleeps until a wake, a completion or a signal; returns true for a wake.
  bool sleep(Worker& worker);

  WakePipe& wake_pipe_;
  std::unique_ptr<Worker[]> workers_;
};

PosixAioEngine::PosixAioEngine(const EngineConfig& config, WakePipe& wake_pipe)
    : Engine(config), wake_pipe_(wake_pipe), workers_(std::make_unique<Worker[]>(config.threads)) {
  for (unsigned i = 0; i < config.threads; ++i) workers_[i].sleeping = wake_pipe_.sleeping_read();
}

// Cancels the reads that end the sleep of a worker: their memory is about to be freed.
PosixAioEngine::~PosixAioEngine() {
  for (unsigned i = 0; i < config().threads; ++i) wake_pipe_.wake(workers_[i].sleeping);
}

Status PosixAioEngine::do_enter(unsigned worker) {
  workers_[worker].in_flight.resize(files().size());
  workers_[worker].watched.reserve(files().size() + 1);
  return {};
}

Outcome PosixAioEngine::do_submit(unsigned worker, Request& request) {
  aiocb& block = request.make_native<aiocb>();
  fill_in(block, static_cast<int>(request.file->file.handle()), request.buffer, request.bytes);
  block.aio_offset = static_cast<off_t>(request.offset);
  const int code = request.operation == Operation::read ? ::aio_read(&block) : ::aio_write(&block);
  if (code != 0) {
    request.error = errno;
    return Outcome::failed;
  }
  workers_[worker].in_flight[request.file->index].push(request);
  return Outcome::pending;
}

void PosixAioEngine::do_reap(unsigned worker, Wait wait, RequestQueue& completed) {
  collect(workers_[worker], completed);
  for (bool woken = false; wait == Wait::yes && !woken && completed.empty();) {
    woken = sleep(workers_[worker]);
    collect(workers_[worker], completed);
  }
}

// Completed requests are at the front of the queue, so no request is checked twice, however deep
// the queue is.
void PosixAioEngine::collect(Worker& worker, RequestQueue& completed) {
  for (RequestQueue& queue : worker.in_flight) {
    while (!queue.empty()) {
      const int code = ::aio_error(&block_of(queue.front()));
      if (code == EINPROGRESS) break;
      Request& request = queue.pop();
      const ssize_t bytes = ::aio_return(&request.native_as<aiocb>());
      request.error = code;
      request.transferred = code == 0 ? static_cast<std::uint32_t>(bytes) : 0;
      completed.push(request);
    }
  }
}

// do_wake() sets `woken` and then cancels the sleeping read; this function starts the read and then
// checks `woken`. So either this check sees `woken`, or the cancellation ends aio_suspend().
bool PosixAioEngine::sleep(Worker& worker) {
  // Without memory for the read, nothing could end the sleep, so the worker does not sleep.
  if (!in_progress(worker.sleeping) && ::aio_read(&worker.sleeping) != 0) return true;
  if (worker.woken.exchange(false)) return true;
  worker.watched.assign(1, &worker.sleeping);
  for (const RequestQueue& queue : worker.in_flight) {
    if (!queue.empty()) worker.watched.push_back(&block_of(queue.front()));
  }
  ::aio_suspend(worker.watched.data(), static_cast<int>(worker.watched.size()), nullptr);
  return worker.woken.exchange(false);
}

void PosixAioEngine::do_wake(unsigned worker) {
  if (!workers_[worker].woken.exchange(true)) wake_pipe_.wake(workers_[worker].sleeping);
}

// The request of each file that a thread is executing continues. The others complete with
// ECANCELED.
void PosixAioEngine::do_cancel() {
  for (const auto& file : files()) ::aio_cancel(static_cast<int>(file->file.handle()), nullptr);
}

}  // namespace

Status posix_aio_available() {
  return {};
}

Result<std::unique_ptr<Engine>> make_posix_aio(const EngineConfig& config) {
  Result<WakePipe*> wake_pipe = WakePipe::get();
  if (!wake_pipe) return wake_pipe.take_error();
  return std::unique_ptr<Engine>(std::make_unique<PosixAioEngine>(config, **wake_pipe));
}

}  // namespace aiobench::engine
