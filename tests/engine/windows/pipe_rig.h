// Common parts of the tests of the Windows engines: an engine created as the program creates it,
// one way to wait for its completions with and without threads of its own, and a time limit for
// tests that hang.
#pragma once

#include <windows.h>

#include <array>
#include <chrono>
#include <condition_variable>
#include <cstdio>
#include <cstring>
#include <deque>
#include <memory>
#include <mutex>
#include <string>
#include <string_view>
#include <thread>
#include <vector>

#include "base/error.h"
#include "engine/engine.h"
#include "engine/registry.h"

namespace aiobench::engine {

// Every variant of an asynchronous mechanism.
inline const std::vector<std::string> kAsynchronous = {"overlapped", "extended",
                                                       "iocp",       "iocp:skip_on_success",
                                                       "threadpool", "threadpool:skip_on_success"};

inline bool skips_on_success(std::string_view spec) {
  return spec.find("skip_on_success") != std::string_view::npos;
}

// Ends the process with a message on stderr if it exists longer than the limit.
class Deadline {
 public:
  explicit Deadline(std::chrono::seconds limit = std::chrono::seconds(30))
      : thread_([this, limit] {
          std::unique_lock lock(mutex_);
          if (changed_.wait_for(lock, limit, [this] { return over_; })) return;
          std::fputs("deadline exceeded: the test hangs\n", stderr);
          std::fflush(stderr);
          TerminateProcess(GetCurrentProcess(), 99);
        }) {}
  ~Deadline() {
    {
      const std::lock_guard lock(mutex_);
      over_ = true;
    }
    changed_.notify_all();
    thread_.join();
  }

 private:
  std::mutex mutex_;
  std::condition_variable changed_;
  bool over_ = false;
  std::thread thread_;
};

inline std::unique_ptr<Engine> make(std::string_view spec, EngineConfig config) {
  Result<EngineSpec> parsed = parse_engine(spec);
  AIOBENCH_CHECK(parsed);
  const Factory* const factory = find_factory(parsed->mechanism->name);
  AIOBENCH_CHECK(factory != nullptr);
  config.options = parsed->options;
  Result<std::unique_ptr<Engine>> engine = factory->make(config);
  AIOBENCH_CHECK(engine);
  return engine.take();
}

inline EngineConfig config_of(unsigned depth, std::uint32_t block_bytes, unsigned threads = 1) {
  EngineConfig config;
  config.depth = depth;
  config.block_bytes = block_bytes;
  config.threads = threads;
  return config;
}

// A request with a buffer of its own.
struct Block : Request {
  std::array<char, 64> data{};

  Block(const AttachedFile* on, Operation what, std::uint32_t length) {
    file = on;
    operation = what;
    bytes = length;
    buffer = reinterpret_cast<std::byte*>(data.data());
  }
  Block(const Block&) = delete;
  Block& operator=(const Block&) = delete;

  std::string_view text() const { return {data.data(), transferred}; }
};

// One engine, and the test's thread as its worker 0.
class Rig : private CompletionHost {
 public:
  explicit Rig(std::string_view spec, unsigned depth = 64, std::uint32_t block_bytes = 64)
      : engine_(make(spec, config_of(depth, block_bytes))) {
    engine_->deliver_to(*this);
  }

  // Files are attached before enter().
  const AttachedFile* attach(os::File file) {
    Result<const AttachedFile*> attached = engine_->attach(std::move(file));
    AIOBENCH_CHECK(attached);
    return *attached;
  }

  void enter() {
    if (!engine_->has_own_threads()) AIOBENCH_CHECK(engine_->enter(0));
  }

  Outcome submit(Request& request) {
    request.submitted_ticks = os::now_ticks();
    const Outcome outcome = engine_->submit(0, request);
    engine_->flush(0);
    return outcome;
  }

  // The next request to be delivered; waits for it.
  Request& next() {
    if (engine_->has_own_threads()) {
      std::unique_lock lock(mutex_);
      changed_.wait(lock, [this] { return !done_.empty(); });
      return done_.pop();
    }
    while (done_.empty()) engine_->reap(0, Wait::yes, done_);
    return done_.pop();
  }

  // Whether nothing is delivered, now and for a short time.
  bool nothing_comes() {
    Sleep(20);
    if (!engine_->has_own_threads()) engine_->reap(0, Wait::no, done_);
    const std::lock_guard lock(mutex_);
    return done_.empty();
  }

  Engine& engine() { return *engine_; }

 private:
  void completed(Request& request) override {
    const std::lock_guard lock(mutex_);
    done_.push(request);
    changed_.notify_all();
  }
  void woken() override {}

  std::mutex mutex_;
  std::condition_variable changed_;
  RequestQueue done_;  // guarded by mutex_ where the engine has threads of its own
  std::unique_ptr<Engine> engine_;
};

}  // namespace aiobench::engine
