// An engine runs requests through one I/O mechanism of the system. It knows nothing of lanes,
// hashing or the order of blocks: it starts a request and says when it is done.
//
// Threads. `config.threads` workers, numbered from 0, share an engine. Each calls enter() first
// and leave() last, and submit(), flush() and reap() with its own number between. open() and
// attach() come before the first enter(). After leave(), a thread (the same or another) may enter
// with that number again: an engine can serve several runs, one after the other. wake() and
// cancel() may be called from any thread at any time. An engine with has_own_threads() delivers on
// threads of its mechanism instead: see CompletionHost.
//
// Ownership. A request is the caller's, before submit() and again after its delivery. The engine
// owns the files. It is destroyed only with no request in flight.
//
// The public methods check the contract, count and read the clock; a mechanism overrides the
// private ones.
#pragma once

#include <atomic>
#include <condition_variable>
#include <cstdint>
#include <map>
#include <memory>
#include <mutex>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "base/error.h"
#include "engine/request.h"
#include "os/file.h"

namespace aiobench::engine {

// The options that follow an engine's name on the command line: "iocp:skip_on_success,batch=1".

// Options that were set; a switch has no value.
class Options {
 public:
  void set(const std::string& name, std::optional<std::uint64_t> value = std::nullopt) {
    values_[name] = value;
  }
  bool has(const std::string& name) const { return values_.count(name) != 0; }
  std::uint64_t get(const std::string& name, std::uint64_t otherwise) const;
  // "batch=1,skip_on_success", in alphabetical order; empty where none is set.
  std::string text() const;

 private:
  std::map<std::string, std::optional<std::uint64_t>> values_;
};

// An option that a mechanism has. `most` 0 marks a switch, which takes no value.
struct OptionRule {
  const char* name;
  std::uint64_t least;
  std::uint64_t most;
  const char* help;
  bool windows_only = false;  // of a mechanism that has a namesake on Linux
};

// "batch (1 to 1024), skip_on_success", or "none".
std::string describe(std::span<const OptionRule> rules);

// Parses the part behind the colon; an unknown option or a bad value is refused with the list of
// valid ones. `engine` is only for messages.
Result<Options> parse_options(std::string_view engine, std::string_view text,
                              std::span<const OptionRule> rules);

struct EngineConfig {
  unsigned depth = 1;             // the most requests in flight at once, over all workers
  unsigned threads = 1;           // workers, or the most threads of the mechanism's own
  std::uint32_t block_bytes = 0;  // the most bytes of one request
  // Memory that every request's buffer lies in: `depth` buffers or more, of `buffer_stride` bytes
  // each, for mechanisms that register buffers. May be empty.
  std::span<std::byte> buffers;
  std::size_t buffer_stride = 0;
  Options options;

  unsigned buffer_count() const {
    return buffers.empty() ? 0 : static_cast<unsigned>(buffers.size() / buffer_stride);
  }
  // Buffer `index`; nullptr where there are none.
  std::byte* buffer(unsigned index) const {
    return buffers.empty() ? nullptr : buffers.data() + index * buffer_stride;
  }
};

// A file as an engine holds it. `index` counts from 0 in the order of attaching; `bytes` is the
// size at that moment, 0 for what has none (a pipe in a test).
struct AttachedFile {
  os::File file;
  std::uint64_t bytes = 0;
  unsigned index = 0;
  // How open() opened it, for a mechanism that needs more handles; empty after attach().
  std::optional<os::OpenOptions> opened_with;
  void* mechanism = nullptr;  // the engine's own record of the file, if it keeps one
};

enum class Outcome {
  pending,   // the completion will be delivered; the request is no longer the caller's
  notified,  // finished inside the call, and yet a completion will be delivered: as pending
  finished,  // finished inside the call; nothing will be delivered
  failed,    // the call was refused, `error` says why; nothing will be delivered
};

enum class Wait { no, yes };

// Receives completions of an engine with threads of its own. Both functions are called on such a
// thread, outside every lock of the engine.
class CompletionHost {
 public:
  // `request` is done, and is the host's again.
  virtual void completed(Request& request) = 0;
  // Somebody called wake().
  virtual void woken() = 0;

 protected:
  ~CompletionHost() = default;
};

class Engine {
 public:
  explicit Engine(const EngineConfig& config);
  virtual ~Engine();
  Engine(const Engine&) = delete;
  Engine& operator=(const Engine&) = delete;

  // Opens `path` the way the mechanism needs it (on Windows a handle is bound to one mechanism
  // for life), and takes it on. The pointer lives as long as the engine.
  Result<const AttachedFile*> open(const std::string& path, os::OpenOptions options);
  // Takes on a file that the caller opened so.
  Result<const AttachedFile*> attach(os::File file);

  Status enter(unsigned worker);
  void leave(unsigned worker);

  // Starts a request. After `pending` and `notified` the caller must not touch the request:
  // another thread may be going on with it already.
  Outcome submit(unsigned worker, Request& request);
  // Hands to the system what submit() has collected. A mechanism without batches does nothing.
  void flush(unsigned worker);
  // Appends finished requests of this worker to `completed`, with one clock reading for all.
  // Wait::yes sleeps until there is at least one, or until wake(). Flushes first.
  void reap(unsigned worker, Wait wait, RequestQueue& completed);

  // Ends a sleep of `worker` in reap(), now or the next one: a wake is never lost. With threads
  // of the mechanism's own, woken() is called on one of them.
  void wake(unsigned worker);

  // Asks the system to give up what is in flight; each such request is still delivered, with an
  // error for which os::is_cancelled() is true, or as if nothing had happened.
  void cancel();

  virtual bool has_own_threads() const { return false; }
  // True where read data really comes from the file (not so for `null`).
  virtual bool moves_data() const { return true; }
  // True where Request::data is a mapping of the file.
  virtual bool maps_files() const { return false; }
  // For an engine with threads of its own: from now on completions and wakes go to `host`, until
  // quiesce().
  void deliver_to(CompletionHost& host);
  // With nothing in flight: waits until no call to the host is under way, and drops wakes that
  // were not delivered. The host is not called again, and may be destroyed.
  void quiesce();

  // Requests submitted and not delivered yet. Exact when no worker is inside submit() or reap().
  std::uint64_t in_flight() const;

  const EngineConfig& config() const { return config_; }

 protected:
  // For a mechanism with threads of its own: hands `request` to the host. Any thread.
  void deliver(Request& request);
  CompletionHost& host() { return *host_; }
  std::span<const std::unique_ptr<AttachedFile>> files() const { return files_; }

 private:
  // True where open() must ask for a handle that can do asynchronous I/O (FILE_FLAG_OVERLAPPED).
  virtual bool wants_asynchronous_handles() const { return false; }
  virtual Status do_attach(AttachedFile&) { return {}; }
  virtual Status do_enter(unsigned) { return {}; }
  virtual void do_leave(unsigned) {}
  virtual Outcome do_submit(unsigned worker, Request& request) = 0;
  virtual void do_flush(unsigned) {}
  virtual void do_reap(unsigned worker, Wait wait, RequestQueue& completed) = 0;
  virtual void do_wake(unsigned worker) = 0;
  virtual void do_cancel() {}
  virtual void do_quiesce() {}

  Result<const AttachedFile*> take_on(os::File file, std::optional<os::OpenOptions> opened_with);

  // Each worker counts in a cache line of its own; only that worker writes it.
  struct alignas(64) Counters {
    std::atomic<std::uint64_t> submitted{0};
    std::atomic<std::uint64_t> delivered{0};
  };

  EngineConfig config_;
  std::vector<std::unique_ptr<AttachedFile>> files_;
  std::unique_ptr<Counters[]> counters_;
  std::atomic<std::uint64_t> delivered_by_own_threads_{0};
  CompletionHost* host_ = nullptr;
};

// Where a worker sleeps whose mechanism has nothing of its own to wait on.

// One thread sleeps, any thread wakes it. A wake that comes before the sleep ends that sleep at
// once; several wakes before it count as one.
class Sleeper {
 public:
  void sleep() {
    std::unique_lock lock(mutex_);
    changed_.wait(lock, [&] { return woken_; });
    woken_ = false;
  }

  void wake() {
    const std::lock_guard lock(mutex_);
    woken_ = true;
    changed_.notify_one();
  }

 private:
  std::mutex mutex_;
  std::condition_variable changed_;
  bool woken_ = false;
};

// A request done with a blocking call in the calling thread: what the engines without a
// mechanism of their own (`sync`, Linux' `threadpool`) have in common.

// Runs `request` on `file` and fills in what came of it.
inline void transfer_now(const os::File& file, Request& request) {
  const os::Transferred done = request.operation == Operation::read
                                   ? file.read_at(request.buffer, request.bytes, request.offset)
                                   : file.write_at(request.buffer, request.bytes, request.offset);
  request.transferred = done.bytes;
  request.error = done.error;
}

}  // namespace aiobench::engine
