// The engine `io_uring`: two rings shared with the kernel, one that requests go into and one that
// completions come out of. Each worker has a pair of its own, so no lock is needed; a batch of
// requests is handed over, and completions are waited for, with one system call.
// Sources: io_uring_setup(2), io_uring_enter(2), io_uring_register(2), liburing.

#include <liburing.h>
#include <sys/eventfd.h>
#include <unistd.h>

#include <algorithm>
#include <atomic>
#include <cerrno>
#include <mutex>

#include "base/check.h"
#include "engine/linux/spin_policy.h"
#include "engine/registry.h"
#include "os/system_error.h"

namespace aiobench::engine {

namespace {

// Why the kernel refuses, with what to do about it. Source: io_uring_setup(2).
Error explain_io_uring(int code) {
  Error error = os::system_error("set up io_uring", "", code);
  if (code == ENOSYS) {
    error.cause = "this kernel has no io_uring";
    error.hint = "it needs Linux 5.6 or later; use --engine threadpool";
  } else if (code == EPERM || code == EACCES) {
    error.hint =
        "it is switched off here: see the sysctl kernel.io_uring_disabled, or the seccomp filter "
        "of the container";
  } else if (code == ENOMEM) {
    error.hint = "raise the limit on locked memory (ulimit -l), or use a smaller --depth";
  }
  return error;
}

// What a completion's user_data means when it is no Request.
constexpr std::uint64_t kWakeTag = 1;    // the read on the worker's eventfd
constexpr std::uint64_t kCancelTag = 2;  // the answer to a cancellation

class Ring {
 public:
  // A wake may come before the ring is open: it then ends the first sleep.
  Ring() : wake_fd_(::eventfd(0, EFD_CLOEXEC)), wake_error_(wake_fd_ < 0 ? errno : 0) {}
  ~Ring();
  // Why it cannot be woken: 0, or the system's code.
  int wake_error() const { return wake_error_; }
  // `poller` is no ring's descriptor (-1) or a ring whose polling kernel thread this one shares.
  Status open(unsigned entries, const EngineConfig& config, int poller);
  // With no request in flight; by the thread that opened it, or once that thread has ended. Does
  // nothing where the ring is not open. It may be opened again.
  void close();
  int descriptor() const { return is_open_ ? ring_.ring_fd : -1; }
  Status register_buffers(const EngineConfig& config);
  void register_files(std::span<const std::unique_ptr<AttachedFile>> files);
  void add(Request& request);
  void submit();
  void submit_and_wait();
  void submit_and_poll();
  // Whether a wake was among what it took.
  bool take(RequestQueue& completed);
  void wake();
  void cancel_all();

  std::atomic<bool> cancel_wanted{false};

 private:
  io_uring_sqe& next_entry();
  void arm_wake();
  void disarm_wake();
  void mark_done_in_call();
  bool has_completions();

  io_uring ring_{};
  SpinPolicy spin_;
  std::uint32_t call_ = 0;  // the next one that submits
  unsigned marked_ = 0;     // completions up to here were looked at by mark_done_in_call()
  bool polled_ = false;     // by a kernel thread: no call of this one runs a request
  bool is_open_ = false;
  bool fixed_files_ = false;    // files are known to the ring by their index
  bool fixed_buffers_ = false;  // and buffers too
  const int wake_fd_;
  const int wake_error_;
  std::uint64_t wake_count_ = 0;
};

// DEFER_TASKRUN has completions processed when this thread asks for them instead of interrupting
// it; kernels before 6.1 refuse it, kernels before 5.19 COOP_TASKRUN too.
int open_ring(unsigned entries, bool sqpoll, int poller, io_uring& ring) {
  const unsigned attempts[] = {
      IORING_SETUP_SINGLE_ISSUER | IORING_SETUP_DEFER_TASKRUN | IORING_SETUP_TASKRUN_FLAG,
      IORING_SETUP_COOP_TASKRUN | IORING_SETUP_TASKRUN_FLAG, 0};
  int code = 0;
  for (const unsigned flags : attempts) {
    io_uring_params parameters{};
    parameters.flags = sqpoll ? static_cast<unsigned>(IORING_SETUP_SQPOLL) : flags;
    parameters.sq_thread_idle = 50;  // ms that the kernel's poller spins without work
    if (sqpoll && poller >= 0) {
      parameters.flags |= IORING_SETUP_ATTACH_WQ;
      parameters.wq_fd = static_cast<unsigned>(poller);
    }
    code = ::io_uring_queue_init_params(entries, &ring, &parameters);
    if (code != -EINVAL || sqpoll) break;
  }
  return -code;
}

Ring::~Ring() {
  if (is_open_) ::io_uring_queue_exit(&ring_);
  if (wake_fd_ >= 0) ::close(wake_fd_);
}

void Ring::close() {
  if (!is_open_) return;
  disarm_wake();
  ::io_uring_queue_exit(&ring_);
  is_open_ = false;
}

Status Ring::open(unsigned entries, const EngineConfig& config, int poller) {
  const bool sqpoll = config.options.has("sqpoll");
  const int code = open_ring(entries, sqpoll, poller, ring_);
  if (code != 0) return explain_io_uring(code);
  is_open_ = true;
  marked_ = 0;
  polled_ = sqpoll;
  if (!sqpoll) spin_.allow(config);  // the poller has the processor that is left
  arm_wake();
  submit();
  return {};
}

Status Ring::register_buffers(const EngineConfig& config) {
  std::vector<iovec> buffers;
  for (unsigned i = 0; i < config.buffer_count(); ++i) {
    buffers.push_back({config.buffer(i), config.buffer_stride});
  }
  const int code =
      ::io_uring_register_buffers(&ring_, buffers.data(), static_cast<unsigned>(buffers.size()));
  if (code < 0) {
    Error error = os::system_error("register buffers with io_uring", "", -code);
    error.hint = "raise the limit on locked memory (ulimit -l), or leave out fixed_buffers";
    return error;
  }
  fixed_buffers_ = true;
  return {};
}

// Saves the kernel looking up the ring at each call and the file at each request: some 5 % of a
// small read from the page cache. A kernel that cannot is none the worse for it.
void Ring::register_files(std::span<const std::unique_ptr<AttachedFile>> files) {
  ::io_uring_register_ring_fd(&ring_);
  std::vector<int> descriptors;
  for (const auto& file : files) descriptors.push_back(static_cast<int>(file->file.handle()));
  fixed_files_ = ::io_uring_register_files(&ring_, descriptors.data(),
                                           static_cast<unsigned>(descriptors.size())) == 0;
}

// A place in the submission ring; where that is full, the kernel is given what is in it.
io_uring_sqe& Ring::next_entry() {
  io_uring_sqe* entry = ::io_uring_get_sqe(&ring_);
  while (entry == nullptr) {
    submit();
    entry = ::io_uring_get_sqe(&ring_);
  }
  return *entry;
}

void Ring::add(Request& request) {
  io_uring_sqe& entry = next_entry();
  const bool reads = request.operation == Operation::read;
  const int fd = fixed_files_ ? static_cast<int>(request.file->index)
                              : static_cast<int>(request.file->file.handle());
  if (fixed_buffers_) {
    const int buffer = static_cast<int>(request.buffer_index);
    if (reads) {
      ::io_uring_prep_read_fixed(&entry, fd, request.buffer, request.bytes, request.offset, buffer);
    } else {
      ::io_uring_prep_write_fixed(&entry, fd, request.buffer, request.bytes, request.offset,
                                  buffer);
    }
  } else if (reads) {
    ::io_uring_prep_read(&entry, fd, request.buffer, request.bytes, request.offset);
  } else {
    ::io_uring_prep_write(&entry, fd, request.buffer, request.bytes, request.offset);
  }
  if (fixed_files_) entry.flags |= IOSQE_FIXED_FILE;
  request.make_native<std::uint32_t>() = call_;
  ::io_uring_sqe_set_data(&entry, &request);
}

void Ring::arm_wake() {
  io_uring_sqe& entry = next_entry();
  ::io_uring_prep_read(&entry, wake_fd_, &wake_count_, sizeof(wake_count_), 0);
  ::io_uring_sqe_set_data64(&entry, kWakeTag);
}

// The kernel finishes closing a ring after the call has returned. Until then the read of the
// eventfd would take a wake that is meant for the next ring of this worker.
void Ring::disarm_wake() {
  io_uring_sqe& entry = next_entry();
  ::io_uring_prep_cancel64(&entry, kWakeTag, 0);
  ::io_uring_sqe_set_data64(&entry, kCancelTag);
  for (bool armed = true; armed;) {
    const int code = ::io_uring_submit_and_wait(&ring_, 1);
    AIOBENCH_CHECK(code >= 0 || code == -EINTR || code == -EBUSY || code == -EAGAIN);
    unsigned head = 0;
    unsigned count = 0;
    io_uring_cqe* cqe = nullptr;
    io_uring_for_each_cqe(&ring_, head, cqe) {
      ++count;
      if (cqe->user_data != kWakeTag) continue;
      armed = false;
      if (cqe->res > 0) wake();  // one that came meanwhile: the next ring's
    }
    ::io_uring_cq_advance(&ring_, count);
  }
}

void Ring::submit() {
  if (::io_uring_sq_ready(&ring_) == 0) return;
  const int code = ::io_uring_submit(&ring_);
  // EBUSY and EAGAIN: the kernel wants completions taken first; the entries stay in the ring.
  AIOBENCH_CHECK(code >= 0 || code == -EINTR || code == -EBUSY || code == -EAGAIN);
  mark_done_in_call();
}

// What came out of the ring in the very call that put it in. A call that also waits is not looked
// at, as what it found may have come while it slept: there the count is too low.
void Ring::mark_done_in_call() {
  const std::uint32_t this_call = call_++;
  if (polled_) return;
  const unsigned end = ::io_uring_smp_load_acquire(ring_.cq.ktail);
  for (; marked_ != end; ++marked_) {
    const io_uring_cqe& entry = ring_.cq.cqes[marked_ & *ring_.cq.kring_mask];
    if (entry.user_data == kWakeTag || entry.user_data == kCancelTag) continue;
    Request& request = *reinterpret_cast<Request*>(entry.user_data);
    if (request.native_as<std::uint32_t>() == this_call) request.done_in_call = true;
  }
}

// One call, or where it pays two: to submit, and to take what the kernel says is there to take.
void Ring::submit_and_wait() {
  if (spin_.begin()) {
    submit();
    if (::io_uring_cq_ready(&ring_) != 0) return;
    if (spin_.look([&] { return has_completions(); })) {
      submit_and_poll();
      return;
    }
  }
  const int code = ::io_uring_submit_and_wait(&ring_, 1);
  AIOBENCH_CHECK(code >= 0 || code == -EINTR || code == -EBUSY || code == -EAGAIN);
  ++call_;
  spin_.slept();
}

// In the ring, or, as the kernel says by a flag, put off until the next call.
bool Ring::has_completions() {
  const std::atomic_ref<unsigned> flags(*ring_.sq.kflags);
  return ::io_uring_cq_ready(&ring_) != 0 ||
         (flags.load(std::memory_order_relaxed) & IORING_SQ_TASKRUN) != 0;
}

void Ring::submit_and_poll() {
  const int code = ::io_uring_submit_and_get_events(&ring_);
  AIOBENCH_CHECK(code >= 0 || code == -EINTR || code == -EBUSY || code == -EAGAIN);
  mark_done_in_call();
}

bool Ring::take(RequestQueue& completed) {
  unsigned head = 0;
  unsigned count = 0;
  bool woken = false;
  io_uring_cqe* entry = nullptr;
  io_uring_for_each_cqe(&ring_, head, entry) {
    ++count;
    if (entry->user_data == kWakeTag) {
      woken = true;
    } else if (entry->user_data != kCancelTag) {
      Request& request = *reinterpret_cast<Request*>(entry->user_data);
      request.error = entry->res < 0 ? -entry->res : 0;
      request.transferred = entry->res < 0 ? 0 : static_cast<std::uint32_t>(entry->res);
      completed.push(request);
    }
  }
  ::io_uring_cq_advance(&ring_, count);
  marked_ = *ring_.cq.khead;
  if (woken) arm_wake();
  return woken;
}

void Ring::wake() {
  const std::uint64_t one = 1;
  [[maybe_unused]] const ssize_t put = ::write(wake_fd_, &one, sizeof(one));
}

void Ring::cancel_all() {
  io_uring_sqe& entry = next_entry();
  ::io_uring_prep_cancel64(&entry, 0, IORING_ASYNC_CANCEL_ANY | IORING_ASYNC_CANCEL_ALL);
  ::io_uring_sqe_set_data64(&entry, kCancelTag);
}

class IoUringEngine final : public Engine {
 public:
  explicit IoUringEngine(const EngineConfig& config)
      : Engine(config), rings_(std::make_unique<Ring[]>(config.threads)) {}
  // Before anything else is asked of it.
  Status check() const;

 private:
  Status do_enter(unsigned worker) override;
  void do_leave(unsigned worker) override;
  Outcome do_submit(unsigned worker, Request& request) override;
  void do_flush(unsigned worker) override { rings_[worker].submit(); }
  void do_reap(unsigned worker, Wait wait, RequestQueue& completed) override;
  void do_wake(unsigned worker) override { rings_[worker].wake(); }
  void do_cancel() override;

  std::unique_ptr<Ring[]> rings_;
  std::mutex mutex_;
  int poller_ = -1;  // guarded by mutex_; the ring that polls for all, with sqpoll
};

Status IoUringEngine::check() const {
  for (unsigned i = 0; i < config().threads; ++i) {
    if (const int code = rings_[i].wake_error(); code != 0) return explain_io_uring(code);
  }
  return {};
}

// In the worker's own thread, as the kernel wants of a ring with a single issuer. Any worker may
// come to hold every request, so each ring has room for all, and for a wake and a cancellation.
Status IoUringEngine::do_enter(unsigned worker) {
  constexpr unsigned kMostEntries = 4096;
  const unsigned entries = std::min(config().depth + 2, kMostEntries);
  {
    const std::lock_guard lock(mutex_);
    if (Status s = rings_[worker].open(entries, config(), poller_); !s) return s;
    if (poller_ < 0) poller_ = rings_[worker].descriptor();
  }
  rings_[worker].register_files(files());
  if (!config().options.has("fixed_buffers")) return {};
  return rings_[worker].register_buffers(config());
}

void IoUringEngine::do_leave(unsigned worker) {
  const std::lock_guard lock(mutex_);
  Ring& ring = rings_[worker];
  if (ring.descriptor() == poller_) poller_ = -1;
  ring.close();
}

// Only a place in the ring: the kernel learns of it in flush() or reap().
Outcome IoUringEngine::do_submit(unsigned worker, Request& request) {
  rings_[worker].add(request);
  return Outcome::pending;
}

void IoUringEngine::do_reap(unsigned worker, Wait wait, RequestQueue& completed) {
  Ring& ring = rings_[worker];
  if (ring.cancel_wanted.exchange(false)) ring.cancel_all();
  if (wait == Wait::no) {
    ring.submit_and_poll();
    ring.take(completed);
    return;
  }
  // A signal ends the call too, and the kernel's own work for another ring of this thread does.
  do {
    ring.submit_and_wait();
  } while (!ring.take(completed) && completed.empty());
}

void IoUringEngine::do_cancel() {
  for (unsigned i = 0; i < config().threads; ++i) {
    rings_[i].cancel_wanted = true;
    rings_[i].wake();
  }
}

}  // namespace

Status io_uring_available() {
  io_uring ring{};
  const int code = open_ring(2, false, -1, ring);
  if (code != 0) return explain_io_uring(code);
  ::io_uring_queue_exit(&ring);
  return {};
}

Result<std::unique_ptr<Engine>> make_io_uring(const EngineConfig& config) {
  auto engine = std::make_unique<IoUringEngine>(config);
  if (Status whole = engine->check(); !whole) return whole.take_error();
  return std::unique_ptr<Engine>(std::move(engine));
}

}  // namespace aiobench::engine
