// The engine `libaio`: the native AIO of Linux. Each worker has its own context. Requests are
// collected and submitted in batches, one io_submit() per batch. Completions are read from the ring
// that the kernel shares with the program; io_getevents() is called only to sleep while the ring is
// empty.
//
// The mechanism was designed for direct access. A read through the page cache is executed inside
// io_submit(): it copies cached data, and blocks until other data has arrived. Such requests are
// complete when the call returns, in the order of submission.
//
// A poll request on an eventfd is always in flight in each context (Linux 4.18); a wake completes
// it. Sources: io_setup(2), io_submit(2), io_getevents(2), eventfd(2), libaio.

#include <libaio.h>
#include <poll.h>
#include <sys/eventfd.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <atomic>
#include <cerrno>
#include <mutex>

#include "base/error.h"
#include "engine/linux/spin_policy.h"
#include "engine/registry.h"
#include "os/system_error.h"

namespace aiobench::engine {
namespace {

// The ring that contains the completions of a context. It is mapped into the program at the address
// that io_setup(2) returns as the context, so completions can be read without a system call;
// io_getevents(2) reads the same ring. The layout is struct aio_ring in fs/aio.c of the kernel.
// libaio and fio also read it, and recognise it by its magic number. Only one thread may read at a
// time; the kernel may write meanwhile.
class AioRing {
 public:
  // `context` comes from io_setup() and outlives this object.
  explicit AioRing(io_context_t context) : header_(reinterpret_cast<Header*>(context)) {}

  // False if the ring has an unknown layout; then only io_getevents() can be used.
  bool readable() const {
    return header_->magic == kMagic && header_->incompat_features == 0 &&
           header_->header_length == sizeof(Header);
  }

  bool empty() const {
    return std::atomic_ref<unsigned>(header_->head).load(std::memory_order_relaxed) ==
           std::atomic_ref<unsigned>(header_->tail).load(std::memory_order_relaxed);
  }

  // The index of the next event to read.
  unsigned head() const {
    return std::atomic_ref<unsigned>(header_->head).load(std::memory_order_relaxed);
  }

  // Calls each(event) for all events from index `seen` on, and advances `seen`. Does not remove
  // events.
  template <class Each>
  void peek(unsigned& seen, const Each& each) const {
    const auto* const events = reinterpret_cast<const io_event*>(header_ + 1);
    const unsigned tail = std::atomic_ref<unsigned>(header_->tail).load(std::memory_order_acquire);
    for (; seen != tail; seen = seen + 1 == header_->capacity ? 0 : seen + 1) each(events[seen]);
  }

  // Calls each(event) for all events, removes them and returns their number.
  template <class Each>
  unsigned consume(const Each& each) {
    const std::atomic_ref<unsigned> shared_head(header_->head);
    const std::atomic_ref<unsigned> shared_tail(header_->tail);
    const auto* const events = reinterpret_cast<const io_event*>(header_ + 1);
    unsigned head = shared_head.load(std::memory_order_relaxed);  // written only by this side
    const unsigned tail = shared_tail.load(std::memory_order_acquire);
    unsigned count = 0;
    for (; head != tail; ++count) {
      each(events[head]);
      head = head + 1 == header_->capacity ? 0 : head + 1;
    }
    // From here on the kernel may overwrite these events.
    if (count > 0) shared_head.store(head, std::memory_order_release);
    return count;
  }

 private:
  static constexpr unsigned kMagic = 0xa10a10a1;

  struct Header {
    unsigned id;
    unsigned capacity;  // in events, which follow this header
    unsigned head;      // the next event to read
    unsigned tail;      // where the kernel writes the next event
    unsigned magic;
    unsigned compat_features;
    unsigned incompat_features;
    unsigned header_length;
  };

  Header* header_;
};

// Explains a failure of io_setup(2) and adds a hint.
Error explain_libaio(int code) {
  Error error = os::system_error("set up native AIO", "", code);
  if (code == EAGAIN) {
    error.cause = "the system-wide limit on asynchronous requests is reached";
    error.hint = "raise the sysctl fs.aio-max-nr, or use a smaller --depth or fewer --threads";
  } else if (code == ENOSYS) {
    error.cause = "this kernel has no native AIO";
    error.hint = "use --engine io_uring or threadpool";
  } else if (code == EPERM) {
    error.hint = "native AIO is disabled: check the seccomp filter of the container";
  }
  return error;
}

// The native part of a request: the control block, and the number of the call that submits it.
struct NativeRequest {
  iocb block;
  std::uint32_t call;
};

// The AIO context of one worker.
class Context {
 public:
  ~Context();
  // Creates the context. Returns 0 or the error code of io_setup().
  int open(unsigned entries);
  Status arm_wake();

  unsigned entries() const { return entries_; }
  // Prepares the context for an engine: reserves the batch, so that add() never allocates, and sets
  // the spin policy.
  void configure(const EngineConfig& config) {
    batch_.reserve(config.depth + 1);
    spin_.configure(config);
  }

  void add(Request& request);
  void submit();
  void reap(Wait wait, RequestQueue& completed);
  void wake();

  std::atomic<bool> cancel_wanted{false};

 private:
  void add_wake_poll();
  void mark_done_in_call();
  void fail(Request& request, int code);
  void cancel_batch();
  void complete(const io_event& event, RequestQueue& completed);
  void reap_events(Wait wait, RequestQueue& completed);
  void reap_by_call(Wait wait, RequestQueue& completed);

  unsigned entries_ = 0;
  io_context_t context_ = nullptr;
  int wake_fd_ = -1;
  iocb wake_block_{};         // polls wake_fd_; its `data` is null, unlike that of a request
  std::vector<iocb*> batch_;  // collected, not yet accepted by the kernel
  RequestQueue failed_;       // completed without the kernel, not yet delivered
  SpinPolicy spin_;
  std::uint32_t submit_call_ = 0;  // number of the next submitting call
  unsigned examined_ = 0;          // ring index up to which mark_done_in_call() has looked
  bool woken_ = false;             // a wake was among the events of this reap()
};

Context::~Context() {
  if (context_ != nullptr) ::io_destroy(context_);
  if (wake_fd_ >= 0) ::close(wake_fd_);
}

int Context::open(unsigned entries) {
  entries_ = entries;
  return -::io_setup(static_cast<int>(entries), &context_);
}

Status Context::arm_wake() {
  wake_fd_ = ::eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK);
  if (wake_fd_ < 0) return os::system_error("create an eventfd", "", errno);
  add_wake_poll();
  const int code = ::io_submit(context_, 1, batch_.data());
  batch_.clear();
  if (code == 1) return {};
  Error error = os::system_error("poll by native AIO", "", -code);
  error.hint = "use --engine threadpool: this needs Linux 4.18 or later";
  return error;
}

void Context::add(Request& request) {
  NativeRequest& native = request.make_native<NativeRequest>();
  native.call = submit_call_;
  iocb& block = native.block;
  const int fd = static_cast<int>(request.file->file.handle());
  const auto offset = static_cast<long long>(request.offset);
  if (request.operation == Operation::read) {
    ::io_prep_pread(&block, fd, request.buffer, request.bytes, offset);
  } else {
    ::io_prep_pwrite(&block, fd, request.buffer, request.bytes, offset);
  }
  block.data = &request;
  batch_.push_back(&block);
}

// Adds the poll of the eventfd to the batch. If a wake comes before the poll is submitted, the poll
// completes immediately, so the wake is not lost.
void Context::add_wake_poll() {
  ::io_prep_poll(&wake_block_, wake_fd_, POLLIN);
  batch_.push_back(&wake_block_);
}

// Usually makes one call. If the kernel accepts only a part of the batch, it reports the reason in
// the next call, for the first of the remaining requests. After EAGAIN they stay in the batch for
// later; any other code is the failure of that one request.
void Context::submit() {
  if (batch_.empty()) return;
  std::size_t done = 0;
  while (done < batch_.size()) {
    const int code =
        ::io_submit(context_, static_cast<long>(batch_.size() - done), batch_.data() + done);
    if (code == -EAGAIN) break;
    if (code > 0) {
      done += static_cast<std::size_t>(code);
    } else {
      AIOBENCH_CHECK(code < 0 && batch_[done]->data != nullptr);
      fail(*static_cast<Request*>(batch_[done]->data), -code);
      ++done;
    }
  }
  batch_.erase(batch_.begin(), batch_.begin() + static_cast<std::ptrdiff_t>(done));
  mark_done_in_call();
}

// Marks the requests of the last submitting call whose completion was in the ring when it returned.
void Context::mark_done_in_call() {
  const std::uint32_t this_call = submit_call_++;
  const AioRing ring(context_);
  if (!ring.readable()) return;
  ring.peek(examined_, [&](const io_event& event) {
    if (event.data == nullptr) return;
    Request& request = *static_cast<Request*>(event.data);
    if (request.native_as<NativeRequest>().call == this_call) request.done_in_call = true;
  });
}

void Context::fail(Request& request, int code) {
  request.error = code;
  failed_.push(request);
}

// Cancels all requests of the batch. The poll for the next wake stays.
void Context::cancel_batch() {
  std::erase_if(batch_, [&](iocb* block) {
    if (block->data == nullptr) return false;
    fail(*static_cast<Request*>(block->data), os::cancelled_code());
    return true;
  });
}

void Context::reap(Wait wait, RequestQueue& completed) {
  if (cancel_wanted.load(std::memory_order_relaxed)) {
    cancel_wanted.store(false);
    cancel_batch();
  }
  woken_ = false;
  // io_getevents() also returns without an event: for a signal, and for kernel work on behalf of an
  // io_uring of this thread.
  do {
    submit();
    completed.append(failed_);
    reap_events(wait, completed);
    examined_ = AioRing(context_).head();
  } while (wait == Wait::yes && completed.empty() && !woken_);
}

// Takes the events that are ready, from the ring if it can be read. If there are none, polls as the
// spin policy says, and then sleeps in io_getevents().
void Context::reap_events(Wait wait, RequestQueue& completed) {
  AioRing ring(context_);
  const bool readable = ring.readable();
  if (readable) {
    const unsigned taken = ring.consume([&](const io_event& event) { complete(event, completed); });
    if (taken > 0 || wait == Wait::no) return;
  }
  if (!completed.empty()) wait = Wait::no;
  const bool waits = readable && wait == Wait::yes;
  if (waits && spin_.begin_wait() && spin_.poll([&] { return !ring.empty(); })) {
    ring.consume([&](const io_event& event) { complete(event, completed); });
    return;
  }
  reap_by_call(wait, completed);
  if (waits) spin_.end_wait();
}

// If the kernel had no room for a part of the batch, the sleep is short: a completion of another
// program may make room, and would not end the sleep of this one.
void Context::reap_by_call(Wait wait, RequestQueue& completed) {
  std::array<io_event, 64> events;
  timespec briefly{.tv_sec = 0, .tv_nsec = 1'000'000};
  const int count = ::io_getevents(context_, wait == Wait::yes ? 1 : 0, events.size(),
                                   events.data(), batch_.empty() ? nullptr : &briefly);
  AIOBENCH_CHECK(count >= 0 || count == -EINTR);
  for (int i = 0; i < count; ++i) complete(events[static_cast<std::size_t>(i)], completed);
}

void Context::complete(const io_event& event, RequestQueue& completed) {
  if (event.data == nullptr) {
    std::uint64_t wakes = 0;
    [[maybe_unused]] const ssize_t got = ::read(wake_fd_, &wakes, sizeof(wakes));
    add_wake_poll();
    woken_ = true;
    return;
  }
  Request& request = *static_cast<Request*>(event.data);
  const auto result = static_cast<long>(event.res);
  request.error = result < 0 ? static_cast<int>(-result) : 0;
  request.transferred = result < 0 ? 0 : static_cast<std::uint32_t>(result);
  completed.push(request);
}

void Context::wake() {
  const std::uint64_t one = 1;
  [[maybe_unused]] const ssize_t put = ::write(wake_fd_, &one, sizeof(one));
}

// Contexts that no engine uses at present, for the next engine. io_destroy() blocks for about 28
// ms, until all processors have released the context, and a command that hashes many files creates
// an engine for each. Therefore contexts are reused. The kernel destroys them when the program
// ends. Any thread.
class ContextPool {
 public:
  Result<std::unique_ptr<Context>> take(unsigned entries);
  void put_back(std::unique_ptr<Context> context);

 private:
  std::mutex mutex_;
  std::vector<std::unique_ptr<Context>> idle_;  // guarded by mutex_
};

// The pool is never destroyed, because that would destroy its contexts.
ContextPool& context_pool() {
  static ContextPool* const made = new ContextPool;
  return *made;
}

Result<std::unique_ptr<Context>> ContextPool::take(unsigned entries) {
  const std::lock_guard lock(mutex_);
  const auto fitting = std::find_if(idle_.begin(), idle_.end(), [&](const auto& context) {
    return context->entries() >= entries;
  });
  if (fitting != idle_.end()) {
    std::unique_ptr<Context> context = std::move(*fitting);
    idle_.erase(fitting);
    context->cancel_wanted = false;
    return context;
  }
  auto context = std::make_unique<Context>();
  int code = context->open(entries);
  if (code == EAGAIN && !idle_.empty()) {
    idle_.clear();
    code = context->open(entries);
  }
  if (code != 0) return explain_libaio(code);
  if (Status armed = context->arm_wake(); !armed) return armed.take_error();
  return context;
}

void ContextPool::put_back(std::unique_ptr<Context> context) {
  const std::lock_guard lock(mutex_);
  idle_.push_back(std::move(context));
}

// A single worker may submit all requests of the run, so a context has entries for all of them. If
// the contexts of all workers would take a large part of the system-wide limit (fs.aio-max-nr,
// usually 65536), each gets fewer entries, and requests wait in the batch until there is room.
unsigned entries_for(const EngineConfig& config) {
  constexpr unsigned kOfAllWorkers = 16384;
  constexpr unsigned kMin = 16;
  return std::min(config.depth + 2, std::max(kOfAllWorkers / config.threads, kMin));
}

class LibaioEngine final : public Engine {
 public:
  explicit LibaioEngine(const EngineConfig& config) : Engine(config) {}
  ~LibaioEngine() override;
  Status open_contexts();

 private:
  Outcome do_submit(unsigned worker, Request& request) override;
  void do_flush(unsigned worker) override { contexts_[worker]->submit(); }
  void do_reap(unsigned worker, Wait wait, RequestQueue& completed) override;
  void do_wake(unsigned worker) override { contexts_[worker]->wake(); }
  void do_cancel() override;

  std::vector<std::unique_ptr<Context>> contexts_;  // one per worker
};

LibaioEngine::~LibaioEngine() {
  for (std::unique_ptr<Context>& context : contexts_) context_pool().put_back(std::move(context));
}

Status LibaioEngine::open_contexts() {
  for (unsigned i = 0; i < config().threads; ++i) {
    Result<std::unique_ptr<Context>> context = context_pool().take(entries_for(config()));
    if (!context) return context.take_error();
    (*context)->configure(config());
    contexts_.push_back(context.take());
  }
  return {};
}

// Only adds the request to the batch. flush() and reap() submit it to the kernel.
Outcome LibaioEngine::do_submit(unsigned worker, Request& request) {
  contexts_[worker]->add(request);
  return Outcome::pending;
}

void LibaioEngine::do_reap(unsigned worker, Wait wait, RequestQueue& completed) {
  contexts_[worker]->reap(wait, completed);
}

// io_cancel() does not support requests on files. Only requests that are still in the batch of a
// worker can be cancelled, by that worker.
void LibaioEngine::do_cancel() {
  for (const std::unique_ptr<Context>& context : contexts_) {
    context->cancel_wanted = true;
    context->wake();
  }
}

}  // namespace

// Asks for a context with 0 entries: io_setup() refuses it with EINVAL if the kernel has native
// AIO. A usable context would be slow to destroy.
Status libaio_available() {
  io_context_t none = nullptr;
  const int code = -::io_setup(0, &none);
  if (code == EINVAL) return {};
  return explain_libaio(code);
}

Result<std::unique_ptr<Engine>> make_libaio(const EngineConfig& config) {
  auto engine = std::make_unique<LibaioEngine>(config);
  if (Status opened = engine->open_contexts(); !opened) return opened.take_error();
  return std::unique_ptr<Engine>(std::move(engine));
}

}  // namespace aiobench::engine
