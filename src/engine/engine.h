// An engine executes requests through one I/O mechanism of the system. It knows nothing about
// lanes, hashing or the order of blocks: it starts a request and reports its completion.
//
// Threads. `config.threads` workers, numbered from 0, share an engine. A worker calls enter() first
// and leave() last, and submit(), flush() and reap() with its own number in between. open() and
// attach() come before the first enter(). After leave(), the same or another thread may enter with
// that number again: an engine can serve several runs in succession. wake() and cancel() may be
// called from any thread at any time. An engine with has_own_threads() delivers completions in
// threads of its mechanism instead: see CompletionHost.
//
// Ownership. A request belongs to the caller before submit() and again after its delivery. The
// engine owns the files. It must not be destroyed while a request is in flight.
//
// The public methods check the contract, count requests and read the clock. They call the private
// methods do_...(), which a mechanism overrides.
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

// The options of an engine, which follow its name on the command line:
// "iocp:skip_on_success,batch=1". A switch has no value.
class Options {
 public:
  void set(const std::string& name, std::optional<std::uint64_t> value = std::nullopt) {
    values_[name] = value;
  }
  bool has(const std::string& name) const { return values_.count(name) != 0; }
  std::uint64_t get(const std::string& name, std::uint64_t otherwise) const;
  // The options as text, in alphabetical order: "batch=1,skip_on_success"; empty if none is set.
  std::string text() const;

 private:
  std::map<std::string, std::optional<std::uint64_t>> values_;
};

// An option that a mechanism supports. `max` 0 marks a switch, which takes no value.
struct OptionRule {
  const char* name;
  std::uint64_t min;
  std::uint64_t max;
  const char* help;
  bool windows_only = false;  // the mechanism of the same name on Linux lacks it
};

// The valid options as text: "batch=N (1 to 1024), skip_on_success", or "none".
std::string describe(std::span<const OptionRule> rules);

// Parses the text after the colon. The error for an unknown option or an invalid value lists the
// valid options. `engine` is used only in messages.
Result<Options> parse_options(std::string_view engine, std::string_view text,
                              std::span<const OptionRule> rules);

struct EngineConfig {
  unsigned depth = 1;             // maximum number of requests in flight, over all workers
  unsigned threads = 1;           // workers, or maximum number of threads of the mechanism
  std::uint32_t block_bytes = 0;  // maximum size of a request
  // The memory of all request buffers, for mechanisms that register buffers: at least `depth`
  // buffers of `buffer_stride` bytes each. May be empty.
  std::span<std::byte> buffers;
  std::size_t buffer_stride = 0;
  Options options;

  unsigned buffer_count() const {
    return buffers.empty() ? 0 : static_cast<unsigned>(buffers.size() / buffer_stride);
  }
  // Buffer `index`; nullptr if there are no buffers.
  std::byte* buffer(unsigned index) const {
    return buffers.empty() ? nullptr : buffers.data() + index * buffer_stride;
  }
};

// A file of an engine. `index` counts from 0 in the order of attaching. `bytes` is the size at that
// moment; 0 if the file has none (a pipe in a test).
struct AttachedFile {
  os::File file;
  std::uint64_t bytes = 0;
  unsigned index = 0;
  // The options of open(), for a mechanism that needs more handles; empty after attach().
  std::optional<os::OpenOptions> opened_with;
  void* mechanism = nullptr;  // data of the mechanism for this file
};

// The result of submitting a request.
enum class Outcome {
  pending,   // the completion will be delivered; the request belongs to the engine
  notified,  // finished inside the call, but a completion will still be delivered
  finished,  // finished inside the call; no completion will be delivered
  failed,    // the call failed with `error`; no completion will be delivered
};

enum class Wait { no, yes };

// Receives the completions of an engine with threads of its own. Both functions are called in such
// a thread, outside all locks of the engine.
class CompletionHost {
 public:
  // `request` has completed and belongs to the host again.
  virtual void completed(Request& request) = 0;
  // wake() was called.
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

  // Opens `path` as the mechanism requires (on Windows a handle is bound to one mechanism for its
  // lifetime) and attaches it. The pointer is valid as long as the engine.
  Result<const AttachedFile*> open(const std::string& path, os::OpenOptions options);
  // Attaches a file that the caller opened in that way.
  Result<const AttachedFile*> attach(os::File file);

  Status enter(unsigned worker);
  void leave(unsigned worker);

  // Starts a request, or collects it for flush(). After `pending` and `notified` the caller must
  // not access the request: another thread may already have resumed its lane.
  Outcome submit(unsigned worker, Request& request);
  // Starts the requests that submit() has collected. Mechanisms that do not collect do nothing.
  void flush(unsigned worker);
  // Flushes, and appends the completed requests to `completed`, with one clock reading for all.
  // With Wait::yes it sleeps until there is at least one, or until wake().
  void reap(unsigned worker, Wait wait, RequestQueue& completed);

  // Ends the current or the next sleep of `worker` in reap(): a wake is never lost. An engine with
  // threads of its own calls CompletionHost::woken() in one of them instead.
  void wake(unsigned worker);

  // Asks the system to cancel all requests in flight. Each is still delivered: with an error for
  // which os::is_cancelled() is true, or with its normal result.
  void cancel();

  // True if completions arrive in threads of the mechanism, at a CompletionHost.
  virtual bool has_own_threads() const { return false; }
  // False if reads do not deliver the data of the file (`null`).
  virtual bool moves_data() const { return true; }
  // True if Request::data points into a mapping of the file.
  virtual bool maps_files() const { return false; }
  // For an engine with threads of its own: delivers completions and wakes to `host` until
  // quiesce().
  void deliver_to(CompletionHost& host);
  // Waits until no call to the host is running, and drops wakes that were not delivered. No request
  // may be in flight. Afterwards the host is not called and may be destroyed.
  void quiesce();

  // The number of requests submitted and not yet delivered. Exact while no worker is inside
  // submit() or reap().
  std::uint64_t in_flight() const;

  const EngineConfig& config() const { return config_; }

 protected:
  // For a mechanism with threads of its own: delivers `request` to the host. Any thread.
  void deliver(Request& request);
  CompletionHost& host() { return *host_; }
  std::span<const std::unique_ptr<AttachedFile>> files() const { return files_; }

 private:
  // True if open() must create a handle for asynchronous I/O (FILE_FLAG_OVERLAPPED).
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

  Result<const AttachedFile*> add_file(os::File file, std::optional<os::OpenOptions> opened_with);

  // One cache line per worker; only that worker writes it.
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

// The sleep of a worker whose mechanism has no call that waits. One thread sleeps; any thread wakes
// it. A wake before the sleep ends that sleep immediately; several wakes before it count as one.
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

// Executes `request` on `file` with a blocking call in the calling thread, and sets its result. For
// the engines that block a thread for each request: `sync`, and `threadpool` on Linux.
inline void transfer_now(const os::File& file, Request& request) {
  const os::Transferred done = request.operation == Operation::read
                                   ? file.read_at(request.buffer, request.bytes, request.offset)
                                   : file.write_at(request.buffer, request.bytes, request.offset);
  request.transferred = done.bytes;
  request.error = done.error;
}

}  // namespace aiobench::engine
