// Proves that an engine serves several workers at once: each request continues in the thread that
// received its completion, over two files, with many in flight; each record is read exactly once,
// nothing is lost when all is cancelled, and nothing is in flight at the end. With `iocp` and
// `threadpool`, requests move between threads.
#include <doctest/doctest.h>

#include <atomic>

#include "os/system_error.h"
#include "tests/engine/windows/pipe_pair.h"
#include "tests/engine/windows/pipe_rig.h"

namespace aiobench::engine {
namespace {

constexpr unsigned kWorkers = 4;
constexpr unsigned kDepth = 96;
constexpr std::uint64_t kRecords = 4000;

// Reads numbered records from pipes until it is stopped. It serves both kinds of engine: with
// workers in reap(), and with callbacks.
class Readers : private CompletionHost {
 public:
  explicit Readers(const std::string& spec) : engine_(make(spec, config_of(kDepth, 8, kWorkers))) {
    for (unsigned i = 0; i < kWorkers; ++i) free_.push_back(i);
    engine_->deliver_to(*this);
  }

  void attach(os::File file) { files_.push_back(*engine_->attach(std::move(file))); }

  void start();
  // Waits until all records have been seen, cancels what is in flight, and waits for its end.
  void finish();

  int seen(std::uint64_t record) const { return seen_[record].load(); }
  std::uint64_t in_flight() const { return engine_->in_flight(); }

 private:
  void completed(Request& request) override;
  void woken() override;

  unsigned take_worker();
  void give_back(unsigned worker);
  void serve(unsigned worker);
  void start_share(unsigned worker);
  void submit(unsigned worker, Request& request);
  bool note(const Request& request);

  std::unique_ptr<Engine> engine_;
  std::vector<const AttachedFile*> files_;
  std::deque<Block> blocks_;
  std::vector<std::thread> threads_;
  std::array<std::atomic<int>, kRecords> seen_{};
  std::atomic<std::uint64_t> total_{0};
  std::atomic<unsigned> ended_{0};  // requests that were cancelled
  std::atomic<unsigned> share_{0};  // the next of kWorkers shares of the requests to be started

  std::mutex mutex_;
  std::vector<unsigned> free_;  // guarded by mutex_; worker numbers that no pool thread uses
};

void Readers::start() {
  for (unsigned i = 0; i < kDepth; ++i) {
    blocks_.emplace_back(files_[i % files_.size()], Operation::read, 8);
  }
  for (unsigned i = 0; i < kWorkers; ++i) {
    if (engine_->has_own_threads()) {
      engine_->wake(i);
    } else {
      threads_.emplace_back([this, i] { serve(i); });
    }
  }
}

void Readers::finish() {
  while (total_.load() < kRecords) SwitchToThread();
  while (ended_.load() < kDepth) {
    engine_->cancel();  // again, as a request may have been on its way to the next read
    Sleep(1);
  }
  for (std::thread& thread : threads_) thread.join();
}

void Readers::serve(unsigned worker) {
  CHECK(engine_->enter(worker));
  start_share(worker);
  while (ended_.load() < kDepth) {
    RequestQueue completed;
    engine_->reap(worker, Wait::yes, completed);
    while (!completed.empty()) {
      Request& request = completed.pop();
      if (note(request)) submit(worker, request);
    }
  }
  engine_->leave(worker);
}

void Readers::start_share(unsigned worker) {
  for (unsigned i = share_.fetch_add(1); i < kDepth; i += kWorkers) submit(worker, blocks_[i]);
}

// Submits until the engine has the request: one that finishes inside the call is evaluated and
// submitted again.
void Readers::submit(unsigned worker, Request& request) {
  for (;;) {
    const Outcome outcome = engine_->submit(worker, request);
    if (outcome == Outcome::pending || outcome == Outcome::notified) return;
    CHECK(outcome == Outcome::finished);
    if (!note(request)) return;
  }
}

// False if the request was cancelled, and so is not to be submitted again.
bool Readers::note(const Request& request) {
  if (os::is_cancelled(request.error)) {
    // The last one stops all workers.
    if (ended_.fetch_add(1) + 1 == kDepth && !engine_->has_own_threads()) {
      for (unsigned i = 0; i < kWorkers; ++i) engine_->wake(i);
    }
    return false;
  }
  CHECK(request.error == 0);
  CHECK(request.transferred == 8);
  std::uint64_t record = 0;
  std::memcpy(&record, request.buffer, sizeof(record));
  CHECK(record < kRecords);
  seen_[record].fetch_add(1);
  total_.fetch_add(1);
  return true;
}

unsigned Readers::take_worker() {
  const std::lock_guard lock(mutex_);
  CHECK(!free_.empty());  // the pool has no more threads than it was allowed
  const unsigned worker = free_.back();
  free_.pop_back();
  return worker;
}

void Readers::give_back(unsigned worker) {
  const std::lock_guard lock(mutex_);
  free_.push_back(worker);
}

void Readers::completed(Request& request) {
  const unsigned worker = take_worker();
  if (note(request)) submit(worker, request);
  give_back(worker);
}

void Readers::woken() {
  const unsigned worker = take_worker();
  start_share(worker);
  give_back(worker);
}

TEST_CASE("four workers, two files, 96 requests in flight: each record is read exactly once") {
  for (const std::string& spec : kAsynchronous) {
    CAPTURE(spec);
    const Deadline deadline(std::chrono::seconds(60));
    std::array<PipePair, 2> pipes;
    Readers readers(spec);
    for (PipePair& pipe : pipes) readers.attach(pipe.near_end());
    readers.start();
    for (std::uint64_t record = 0; record < kRecords; ++record) {
      char bytes[sizeof(record)];
      std::memcpy(bytes, &record, sizeof(record));
      pipes[record % pipes.size()].write({bytes, sizeof(bytes)});
    }
    readers.finish();
    for (std::uint64_t record = 0; record < kRecords; ++record) {
      if (readers.seen(record) != 1)
        FAIL_CHECK("record " << record << " seen " << readers.seen(record) << " times");
    }
    CHECK(readers.in_flight() == 0);
  }
}

}  // namespace
}  // namespace aiobench::engine
