// The ring in which the kernel hands out completions of native AIO. It is mapped into the program,
// at the address that io_setup(2) gives as the context, so completions can be taken without a
// system call; io_getevents(2) takes from the same ring. The layout is that of struct aio_ring in
// the kernel's fs/aio.c; libaio and fio read it too, and know it by its magic number. One thread
// takes at a time; the kernel may put meanwhile.

#include <libaio.h>
#include <poll.h>
#include <sys/eventfd.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <atomic>
#include <cerrno>
#include <mutex>

#include "base/check.h"
#include "engine/linux/spin_policy.h"
#include "engine/registry.h"
#include "os/system_error.h"

namespace aiobench::engine {

class AioRing {
 public:
  // `context` is one that io_setup() made, and lives longer.
  explicit AioRing(io_context_t context) : header_(reinterpret_cast<Header*>(context)) {}

  // False where the ring has a layout that is not this one: only io_getevents() can take then.
  bool readable() const {
    return header_->magic == kMagic && header_->incompat_features == 0 &&
           header_->header_length == sizeof(Header);
  }

  bool empty() const {
    return std::atomic_ref<unsigned>(header_->head).load(std::memory_order_relaxed) ==
           std::atomic_ref<unsigned>(header_->tail).load(std::memory_order_relaxed);
  }

  // The place of the next event to take.
  unsigned head() const {
    return std::atomic_ref<unsigned>(header_->head).load(std::memory_order_relaxed);
  }

  // Calls each(event) for all that is there from the place `seen` on, and moves that behind them.
  // Takes none.
  template <class Each>
  void look(unsigned& seen, const Each& each) const {
    const auto* const events = reinterpret_cast<const io_event*>(header_ + 1);
    const unsigned tail = std::atomic_ref<unsigned>(header_->tail).load(std::memory_order_acquire);
    for (; seen != tail; seen = seen + 1 == header_->capacity ? 0 : seen + 1) each(events[seen]);
  }

  // Calls each(event) for all that is there, and returns how many that were.
  template <class Each>
  unsigned take(const Each& each) {
    const std::atomic_ref<unsigned> shared_head(header_->head);
    const std::atomic_ref<unsigned> shared_tail(header_->tail);
    const auto* const events = reinterpret_cast<const io_event*>(header_ + 1);
    unsigned head = shared_head.load(std::memory_order_relaxed);  // moved by this side alone
    const unsigned tail = shared_tail.load(std::memory_order_acquire);
    unsigned count = 0;
    for (; head != tail; ++count) {
      each(events[head]);
      head = head + 1 == header_->capacity ? 0 : head + 1;
    }
    // From here on the kernel may put others in these places.
    if (count > 0) shared_head.store(head, std::memory_order_release);
    return count;
  }

 private:
  static constexpr unsigned kMagic = 0xa10a10a1;

  struct Header {
    unsigned id;
    unsigned capacity;  // in events, which follow this header
    unsigned head;      // the next to take
    unsigned tail;      // where the kernel puts the next
    unsigned magic;
    unsigned compat_features;
    unsigned incompat_features;
    unsigned header_length;
  };

  Header* header_;
};

// The engine `libaio`: the native AIO of Linux. Each worker has a context of its own: requests are
// collected and go to the kernel in batches, one io_submit() each; completions are taken from the
// ring that the kernel shares with the program, and io_getevents() only sleeps where that is empty.
//
// The mechanism was made for direct access. A buffered read of what is not in the page cache blocks
// inside io_submit() until the data is there, and one of what is there is copied inside it: both
// are done when the call returns, in the order of submission.
//
// Workers are woken by a poll request on an eventfd (Linux 4.18), which completes like any other.
// Sources: io_setup(2), io_submit(2), io_getevents(2), eventfd(2), libaio.

namespace {

// Why the kernel refuses, with what to do about it. Source: io_setup(2).
Error explain_libaio(int code) {
  Error error = os::system_error("set up native AIO", "", code);
  if (code == EAGAIN) {
    error.cause = "all programs together would have more requests than the system allows";
    error.hint = "raise the sysctl fs.aio-max-nr, or use a smaller --depth or fewer --threads";
  } else if (code == ENOSYS) {
    error.cause = "this kernel has no native AIO";
    error.hint = "use --engine io_uring or threadpool";
  } else if (code == EPERM) {
    error.hint = "it is switched off here: see the seccomp filter of the container";
  }
  return error;
}

// What the kernel is given of a request, and in which of the worker's calls.
struct Handed {
  iocb block;
  std::uint32_t call;
};

// One worker's way to the kernel and back.
class Context {
 public:
  ~Context();
  // io_setup()'s code: 0, or why there is no context for so many requests.
  int open(unsigned entries);
  Status arm_wake();

  unsigned entries() const { return entries_; }
  // For an engine: room in the batch, so that add() never allocates.
  void serve(const EngineConfig& config) {
    batch_.reserve(config.depth + 1);
    spin_.allow(config);
  }

  void add(Request& request);
  void submit();
  void reap(Wait wait, RequestQueue& completed);
  void wake();

  std::atomic<bool> cancel_wanted{false};

 private:
  void collect_wake();
  void mark_done_in_call();
  void give_up(Request& request, int code);
  void give_up_batch();
  void finish(const io_event& event, RequestQueue& completed);
  void take(Wait wait, RequestQueue& completed);
  void take_by_call(Wait wait, RequestQueue& completed);

  unsigned entries_ = 0;
  io_context_t context_ = nullptr;
  int wake_fd_ = -1;
  iocb wake_block_{};         // polls wake_fd_; without data, unlike the block of a request
  std::vector<iocb*> batch_;  // collected, and not accepted by the kernel yet
  RequestQueue given_up_;     // done without the kernel, and not delivered yet
  SpinPolicy spin_;
  std::uint32_t call_ = 0;  // the next one that submits
  unsigned marked_ = 0;     // events up to here were looked at by mark_done_in_call()
  bool woken_ = false;      // by what reap() has taken
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
  if (wake_fd_ < 0) return os::system_error("make an eventfd", "", errno);
  collect_wake();
  const int code = ::io_submit(context_, 1, batch_.data());
  batch_.clear();
  if (code == 1) return {};
  Error error = os::system_error("poll by native AIO", "", -code);
  error.hint = "that needs Linux 4.18 or later; use --engine threadpool";
  return error;
}

void Context::add(Request& request) {
  Handed& handed = request.make_native<Handed>();
  handed.call = call_;
  iocb& block = handed.block;
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

// A poll is done at once where the eventfd was written to before: so no wake is lost while none
// is armed.
void Context::collect_wake() {
  ::io_prep_poll(&wake_block_, wake_fd_, POLLIN);
  batch_.push_back(&wake_block_);
}

// One call as a rule. Where the kernel stops early, it says why only in the next call, about the
// first of the rest: EAGAIN keeps the rest for later, anything else is that request's own failure.
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
      give_up(*static_cast<Request*>(batch_[done]->data), -code);
      ++done;
    }
  }
  batch_.erase(batch_.begin(), batch_.begin() + static_cast<std::ptrdiff_t>(done));
  mark_done_in_call();
}

// What is in the ring as soon as the call returns that handed it over.
void Context::mark_done_in_call() {
  const std::uint32_t this_call = call_++;
  const AioRing ring(context_);
  if (!ring.readable()) return;
  ring.look(marked_, [&](const io_event& event) {
    if (event.data == nullptr) return;
    Request& request = *static_cast<Request*>(event.data);
    if (request.native_as<Handed>().call == this_call) request.done_in_call = true;
  });
}

void Context::give_up(Request& request, int code) {
  request.error = code;
  given_up_.push(request);
}

// All but the poll for the next wake.
void Context::give_up_batch() {
  std::erase_if(batch_, [&](iocb* block) {
    if (block->data == nullptr) return false;
    give_up(*static_cast<Request*>(block->data), os::cancelled_code());
    return true;
  });
}

void Context::reap(Wait wait, RequestQueue& completed) {
  if (cancel_wanted.load(std::memory_order_relaxed)) {
    cancel_wanted.store(false);
    give_up_batch();
  }
  woken_ = false;
  // A signal ends the call too, and the kernel's own work for a ring of io_uring of this thread
  // does.
  do {
    submit();
    completed.append(given_up_);
    take(wait, completed);
    marked_ = AioRing(context_).head();
  } while (wait == Wait::yes && completed.empty() && !woken_);
}

// Without a system call where the ring can be read.
void Context::take(Wait wait, RequestQueue& completed) {
  AioRing ring(context_);
  const bool readable = ring.readable();
  if (readable) {
    const unsigned taken = ring.take([&](const io_event& event) { finish(event, completed); });
    if (taken > 0 || wait == Wait::no) return;
  }
  if (!completed.empty()) wait = Wait::no;
  const bool waits = readable && wait == Wait::yes;
  if (waits && spin_.begin() && spin_.look([&] { return !ring.empty(); })) {
    ring.take([&](const io_event& event) { finish(event, completed); });
    return;
  }
  take_by_call(wait, completed);
  if (waits) spin_.slept();
}

// With something left that the kernel had no room for, the sleep is short: what makes room may be
// the completion of another program's request, which nobody announces.
void Context::take_by_call(Wait wait, RequestQueue& completed) {
  std::array<io_event, 64> events;
  timespec briefly{.tv_sec = 0, .tv_nsec = 1'000'000};
  const int count = ::io_getevents(context_, wait == Wait::yes ? 1 : 0, events.size(),
                                   events.data(), batch_.empty() ? nullptr : &briefly);
  AIOBENCH_CHECK(count >= 0 || count == -EINTR);
  for (int i = 0; i < count; ++i) finish(events[static_cast<std::size_t>(i)], completed);
}

void Context::finish(const io_event& event, RequestQueue& completed) {
  if (event.data == nullptr) {
    std::uint64_t wakes = 0;
    [[maybe_unused]] const ssize_t got = ::read(wake_fd_, &wakes, sizeof(wakes));
    collect_wake();
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

// Contexts that no engine uses at the moment. io_destroy() waits some 28 ms, until every processor
// has forgotten the context, and a program that hashes many files makes an engine for each. So
// contexts are made once and handed on; the kernel takes them down, all at once, when the program
// ends. Any thread.
class Pool {
 public:
  Result<std::unique_ptr<Context>> take(unsigned entries);
  void put_back(std::unique_ptr<Context> context);

 private:
  std::mutex mutex_;
  std::vector<std::unique_ptr<Context>> idle_;  // guarded by mutex_
};

// Never destroyed, for the same reason.
Pool& pool() {
  static Pool* const made = new Pool;
  return *made;
}

Result<std::unique_ptr<Context>> Pool::take(unsigned entries) {
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

void Pool::put_back(std::unique_ptr<Context> context) {
  const std::lock_guard lock(mutex_);
  idle_.push_back(std::move(context));
}

// Any worker may come to hold every request. Where that many entries for each would be a large part
// of what the whole system may have (fs.aio-max-nr, 65536 as a rule), it gets fewer; what does not
// fit in then waits in the batch.
unsigned entries_for(const EngineConfig& config) {
  constexpr unsigned kOfAllWorkers = 16384;
  constexpr unsigned kLeast = 16;
  return std::min(config.depth + 2, std::max(kOfAllWorkers / config.threads, kLeast));
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

  std::vector<std::unique_ptr<Context>> contexts_;  // one a worker
};

LibaioEngine::~LibaioEngine() {
  for (std::unique_ptr<Context>& context : contexts_) pool().put_back(std::move(context));
}

Status LibaioEngine::open_contexts() {
  for (unsigned i = 0; i < config().threads; ++i) {
    Result<std::unique_ptr<Context>> context = pool().take(entries_for(config()));
    if (!context) return context.take_error();
    (*context)->serve(config());
    contexts_.push_back(context.take());
  }
  return {};
}

// Only a place in the batch: the kernel learns of it in flush() or reap().
Outcome LibaioEngine::do_submit(unsigned worker, Request& request) {
  contexts_[worker]->add(request);
  return Outcome::pending;
}

void LibaioEngine::do_reap(unsigned worker, Wait wait, RequestQueue& completed) {
  contexts_[worker]->reap(wait, completed);
}

// io_cancel() knows no requests on files, so only what still waits in a batch can be given up.
void LibaioEngine::do_cancel() {
  for (const std::unique_ptr<Context>& context : contexts_) {
    context->cancel_wanted = true;
    context->wake();
  }
}

}  // namespace

// A context for no requests is refused as such (EINVAL) wherever there is native AIO at all; to
// make one would be slow to undo.
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
