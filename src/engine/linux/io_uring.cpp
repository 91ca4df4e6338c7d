// The engine `io_uring`: two rings shared with the kernel, one for submissions and one for
// completions. Each worker has its own pair of rings, so no lock is needed. One system call both
// submits a batch of requests and waits for completions. A read of an eventfd is always in flight
// on each ring; a wake completes it. Sources: io_uring_setup(2), io_uring_enter(2),
// io_uring_register(2), liburing.

#include <liburing.h>
#include <sys/eventfd.h>
#include <unistd.h>

#include <algorithm>
#include <atomic>
#include <cerrno>
#include <mutex>

#include "base/error.h"
#include "engine/linux/spin_policy.h"
#include "engine/registry.h"
#include "os/system_error.h"

namespace aiobench::engine {

namespace {

// Explains a failure of io_uring_setup(2) and adds a hint.
Error explain_io_uring(int code) {
  Error error = os::system_error("set up io_uring", "", code);
  if (code == ENOSYS) {
    error.cause = "this kernel has no io_uring";
    error.hint = "use --engine threadpool: io_uring needs Linux 5.6 or later";
  } else if (code == EPERM || code == EACCES) {
    error.hint =
        "io_uring is disabled: check the sysctl kernel.io_uring_disabled and the seccomp filter of "
        "the container";
  } else if (code == ENOMEM) {
    error.hint = "raise the limit on locked memory with ulimit -l, or use a smaller --depth";
  }
  return error;
}

// Values of user_data for entries that are not requests. Otherwise it is the address of the
// Request.
constexpr std::uint64_t kWakeTag = 1;    // the read on the worker's eventfd
constexpr std::uint64_t kCancelTag = 2;  // the completion of a cancellation

class Ring {
 public:
  // The eventfd exists from the start: a wake that comes before the ring is open ends the first
  // sleep.
  Ring() : wake_fd_(::eventfd(0, EFD_CLOEXEC)), wake_error_(wake_fd_ < 0 ? errno : 0) {}
  ~Ring();
  // 0, or the code of the failure to create the eventfd.
  int wake_error() const { return wake_error_; }
  // `poller` is the descriptor of a ring whose polling kernel thread this ring shares, or -1.
  Status open(unsigned entries, const EngineConfig& config, int poller);
  // Closes the ring. No request may be in flight. Called by the thread that opened it, or after
  // that thread has ended. Does nothing if the ring is not open. The ring may be opened again.
  void close();
  int descriptor() const { return is_open_ ? ring_.ring_fd : -1; }
  Status register_buffers(const EngineConfig& config);
  void register_files(std::span<const std::unique_ptr<AttachedFile>> files);
  void add(Request& request);
  void submit();
  void submit_and_wait();
  void submit_and_get_events();
  // Moves the completed requests to `completed`; returns true if a wake was among the completions.
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
  std::uint32_t submit_call_ = 0;  // number of the next submitting call
  unsigned examined_ = 0;          // ring position up to which mark_done_in_call() has looked
  bool sqpoll_ = false;            // a kernel thread polls for submissions
  bool is_open_ = false;
  bool fixed_files_ = false;    // files are registered
  bool fixed_buffers_ = false;  // buffers are registered
  const int wake_fd_;
  const int wake_error_;
  std::uint64_t wake_count_ = 0;
};

// With DEFER_TASKRUN the kernel processes completions when this thread requests them instead of
// interrupting it. Kernels before 6.1 lack this flag, those before 5.19 also lack COOP_TASKRUN.
int open_ring(unsigned entries, bool sqpoll, int poller, io_uring& ring) {
  const unsigned attempts[] = {
      IORING_SETUP_SINGLE_ISSUER | IORING_SETUP_DEFER_TASKRUN | IORING_SETUP_TASKRUN_FLAG,
      IORING_SETUP_COOP_TASKRUN | IORING_SETUP_TASKRUN_FLAG, 0};
  int code = 0;
  for (const unsigned flags : attempts) {
    io_uring_params parameters{};
    parameters.flags = sqpoll ? static_cast<unsigned>(IORING_SETUP_SQPOLL) : flags;
    parameters.sq_thread_idle = 50;  // ms; the kernel thread sleeps after this time without work
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
  examined_ = 0;
  sqpoll_ = sqpoll;
  if (!sqpoll) spin_.configure(config);  // with sqpoll the kernel thread needs the spare processor
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
    error.hint = "raise the limit on locked memory with ulimit -l, or leave out fixed_buffers";
    return error;
  }
  fixed_buffers_ = true;
  return {};
}

// Registered files and rings save the kernel a look-up per request and per call: about 5 % of a
// small read from the page cache. A failure is ignored; the requests then use descriptors.
void Ring::register_files(std::span<const std::unique_ptr<AttachedFile>> files) {
  ::io_uring_register_ring_fd(&ring_);
  std::vector<int> descriptors;
  for (const auto& file : files) descriptors.push_back(static_cast<int>(file->file.handle()));
  fixed_files_ = ::io_uring_register_files(&ring_, descriptors.data(),
                                           static_cast<unsigned>(descriptors.size())) == 0;
}

// The next free submission entry. If the ring is full, its entries are submitted first.
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
  request.make_native<std::uint32_t>() = submit_call_;
  ::io_uring_sqe_set_data(&entry, &request);
}

void Ring::arm_wake() {
  io_uring_sqe& entry = next_entry();
  ::io_uring_prep_read(&entry, wake_fd_, &wake_count_, sizeof(wake_count_), 0);
  ::io_uring_sqe_set_data64(&entry, kWakeTag);
}

// Before the ring is closed: cancels the read of the eventfd and waits for its end. The kernel
// finishes closing a ring only after the closing call has returned. Until then the read could
// consume a wake that is meant for the next ring of this worker.
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
      if (cqe->res > 0) wake();  // a wake came meanwhile: keep it for the next ring
    }
    ::io_uring_cq_advance(&ring_, count);
  }
}

void Ring::submit() {
  if (::io_uring_sq_ready(&ring_) == 0) return;
  const int code = ::io_uring_submit(&ring_);
  // EBUSY and EAGAIN: completions must be reaped first. The entries stay in the ring.
  AIOBENCH_CHECK(code >= 0 || code == -EINTR || code == -EBUSY || code == -EAGAIN);
  mark_done_in_call();
}

// Marks the requests of the last submitting call whose completion was in the ring when it returned.
// Not used after a call that also waits, because a completion may have arrived while it slept; then
// fewer requests are marked than finished inside the call.
void Ring::mark_done_in_call() {
  const std::uint32_t this_call = submit_call_++;
  if (sqpoll_) return;  // the call did not start the requests
  const unsigned end = ::io_uring_smp_load_acquire(ring_.cq.ktail);
  for (; examined_ != end; ++examined_) {
    const io_uring_cqe& entry = ring_.cq.cqes[examined_ & *ring_.cq.kring_mask];
    if (entry.user_data == kWakeTag || entry.user_data == kCancelTag) continue;
    Request& request = *reinterpret_cast<Request*>(entry.user_data);
    if (request.native_as<std::uint32_t>() == this_call) request.done_in_call = true;
  }
}

// Submits and sleeps in one call. If the spin policy polls first, submits, and sleeps only if no
// completion arrives in time.
void Ring::submit_and_wait() {
  if (spin_.begin_wait()) {
    submit();
    if (::io_uring_cq_ready(&ring_) != 0) return;
    if (spin_.poll([&] { return has_completions(); })) {
      submit_and_get_events();
      return;
    }
  }
  const int code = ::io_uring_submit_and_wait(&ring_, 1);
  AIOBENCH_CHECK(code >= 0 || code == -EINTR || code == -EBUSY || code == -EAGAIN);
  ++submit_call_;
  spin_.end_wait();
}

// Whether completions are in the ring, or the kernel has set the flag that says that the next call
// will put some there.
bool Ring::has_completions() {
  const std::atomic_ref<unsigned> flags(*ring_.sq.kflags);
  return ::io_uring_cq_ready(&ring_) != 0 ||
         (flags.load(std::memory_order_relaxed) & IORING_SQ_TASKRUN) != 0;
}

void Ring::submit_and_get_events() {
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
  examined_ = *ring_.cq.khead;
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
  // Checks that the engine can be woken. Call it first.
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
  int poller_ = -1;  // guarded by mutex_; with sqpoll, the ring whose kernel thread polls for all
};

Status IoUringEngine::check() const {
  for (unsigned i = 0; i < config().threads; ++i) {
    if (const int code = rings_[i].wake_error(); code != 0) return explain_io_uring(code);
  }
  return {};
}

// The ring is opened in the thread of the worker, because only the thread that opens it may submit
// to it (SINGLE_ISSUER). A single worker may submit all requests of the run, so each ring has room
// for all of them, a wake and a cancellation.
Status IoUringEngine::do_enter(unsigned worker) {
  constexpr unsigned kMaxEntries = 4096;
  const unsigned entries = std::min(config().depth + 2, kMaxEntries);
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

// Only adds the request to the ring. flush() and reap() submit it to the kernel.
Outcome IoUringEngine::do_submit(unsigned worker, Request& request) {
  rings_[worker].add(request);
  return Outcome::pending;
}

void IoUringEngine::do_reap(unsigned worker, Wait wait, RequestQueue& completed) {
  Ring& ring = rings_[worker];
  if (ring.cancel_wanted.exchange(false)) ring.cancel_all();
  if (wait == Wait::no) {
    ring.submit_and_get_events();
    ring.take(completed);
    return;
  }
  // The call also returns without a completion: for a signal, and for kernel work on behalf of
  // another ring of this thread.
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
