// What hash, read and copy runs share: context, outcome, buffers, an engine with an open file, and
// what the calling thread does while other threads run the lanes. All settings are chosen: see
// choose_missing() in auto_tune.h.
#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "base/error.h"
#include "base/settings.h"
#include "engine/registry.h"
#include "hash/hasher.h"
#include "os/console.h"
#include "os/host.h"
#include "os/memory.h"
#include "run/lane.h"
#include "stats/timeline.h"
#include "stats/trace.h"

namespace aiobench::run {

class Scheduler;

struct RunOutcome {
  std::optional<Error> failure;
  bool interrupted = false;  // the results cover a part of the work, and there is no digest
  std::string digest;        // empty without a hash, or if the file was not hashed completely
  std::uint64_t file_bytes = 0;
  std::uint64_t done_bytes = 0;       // hashed in order, or read
  unsigned lanes = 0;                 // depth, or the number of blocks if that is smaller
  unsigned threads = 0;               // worker threads: at most `lanes`
  std::uint64_t started_unix_ns = 0;  // wall clock, since 1970
  double wall_seconds = 0;
  os::CpuTime cpu;
  std::optional<double> other_cpu_share;  // see result::Repetition
  stats::Recorder totals;
  std::uint64_t traced_events = 0;  // including events that the trace had no room for
};

// Receives the bytes done so far and the total. Called in the calling thread, several times a
// second.
using Progress = std::function<void(std::uint64_t done_bytes, std::uint64_t all_bytes)>;

// The buffers of consecutive runs: allocated for the largest one, and reused.
class BufferPool {
 public:
  // Provides memory for `lanes` buffers of `stride` bytes.
  Status reserve(unsigned lanes, std::size_t stride);
  std::span<std::byte> span() const { return memory_.span(); }

 private:
  os::PageMemory memory_;
};

// What a run uses besides its settings.
struct RunContext {
  // The one given to os::watch_interrupts(); an interrupt ends the run early.
  os::WakeEvent& event;
  // One for each file. Not used with an engine that the caller made.
  std::span<BufferPool> pools = {};
  Progress progress = {};
  stats::Trace* trace = nullptr;  // the trace to record; nullptr: none
  // Whether threads accumulate blocks out of order, if the hash supports it; unset: automatic.
  std::optional<bool> split_hash = {};
};

// The number of lanes for a file of that size: the depth, or the number of blocks if that is
// smaller.
unsigned lanes_for(std::uint64_t file_bytes, const Settings& settings);

// An engine, and a file that is open in it.
struct OpenedFile {
  std::unique_ptr<engine::Engine> engine;
  const engine::AttachedFile* file = nullptr;
};

// The size of `path` in bytes. A file whose size is 0 but which has content is an error.
Result<std::uint64_t> size_of(const std::string& path);

// Makes the engine of `settings` for `lanes` lanes, with `buffers` buffers of `pool`, and opens
// `path` in it.
Result<OpenedFile> open_file(const Settings& settings, const std::string& path, unsigned lanes,
                             unsigned buffers, BufferPool& pool);

// What direct access to the file requires of offsets and sizes; 1 without direct access.
std::uint32_t alignment_of(const engine::AttachedFile& file, const Settings& settings);

// Checks that the block size is a multiple of what direct access to the file requires.
Status check_direct(const engine::AttachedFile& file, const Settings& settings);

// For runs that hash all of `file`, before the run: an outcome with the size of the file and the
// numbers of lanes and threads.
RunOutcome outcome_at_start(const engine::Engine& engine, const engine::AttachedFile& file,
                            const Settings& settings);
// For the same runs, after the run. `outcome` contains the bytes done and the first failure. Sets
// `interrupted` if an interrupt cut the run short. Otherwise, and if there is no failure, sets the
// digest, or a failure if the size of the file has changed since it was opened.
void complete_outcome(const engine::Engine& engine, const engine::AttachedFile& file,
                      const hash::Hasher& hasher, RunOutcome& outcome);

// What watch() calls while other threads run the lanes.
struct WatchCalls {
  std::function<bool()> finished = {};
  std::function<void()> stop = {};    // begin no further requests; those in flight are awaited
  std::function<void()> cancel = {};  // cancel the requests in flight; may be called again
  // The number of requests in flight; an estimate while some start and end.
  std::function<std::uint64_t()> in_flight = {};
  std::function<void()> report = {};  // called several times a second; may be empty
  double stop_after_seconds = 0;      // 0: only the last lane or an interrupt ends the run
};

// Detects requests that stay in flight after they were cancelled.
class StuckRequests {
 public:
  // Call it ten times a second with the number of requests in flight. Returns true once, when this
  // number is not 0 and has not changed for a second. If many requests are in flight on a busy
  // machine, some are left after a second, but the number has changed.
  bool seen(std::uint64_t in_flight);

 private:
  std::uint64_t last_ = 0;
  unsigned times_ = 0;
  bool reported_ = false;
};

// Returns when calls.finished() is true. An interrupt stops and cancels the run.
void watch(const WatchCalls& calls, os::WakeEvent& event);

// The lanes of a run, and how they run.
struct LaneGroup {
  std::vector<Lane> lanes;
  bool submit_each = false;                // see Scheduler::submit_each()
  stats::TracePass* trace_pass = nullptr;  // see Scheduler::trace_into()
  WatchCalls calls;                        // the caller sets `stop` and `report`
};

// Runs `group` on `engine` to the end of all lanes, and stores times and totals in `outcome`.
// Returns an error if the threads could not be started.
Status run_lanes(engine::Engine& engine, const Settings& settings, LaneGroup group,
                 os::WakeEvent& event, RunOutcome& outcome);

// After scheduler.join(): stores times and totals in `outcome`.
void store_totals(const Scheduler& scheduler, RunOutcome& outcome);

// The share (0 to 1) of the pages of `path` that are in the page cache, estimated from a sample.
// Nothing if it is unknown.
std::optional<double> cached_share(const std::string& path);

// The share (0 to 1) of the bytes of `path` that are not stored on a disk: holes, and space that
// was allocated but never written. 0 on a file system that does not report holes. Call it before
// the file is read: unwritten space may count as data once it is in the page cache. Nothing for an
// empty file, or on an error.
std::optional<double> hole_share(const std::string& path);

// Measures the processor time of this process and of others, from its construction on.
class CpuWatch {
 public:
  // Stores the time used so far in `outcome`.
  void stop(RunOutcome& outcome) const;

 private:
  // Read before the time of the process, so that the system time always includes that of the
  // process.
  std::optional<os::SystemCpuTime> system_ = os::system_cpu_time();
  os::CpuTime process_ = os::process_cpu_time();
};

// The share (0 to 1) of the time of all processors between two readings that was neither idle nor
// used by this process, which used `own_seconds`. Nothing if a reading is missing, or if the
// readings are so close together that the step of the system counters exceeds a few percent of the
// time between them.
std::optional<double> other_cpu_share(const std::optional<os::SystemCpuTime>& before,
                                      const std::optional<os::SystemCpuTime>& after,
                                      double own_seconds);

// Measures the overhead of the tool on this machine: the cost of one clock reading and of one
// request that does nothing. Takes some milliseconds. If an interrupt ends a measurement early, its
// value is 0. `event`: see RunContext::event.
stats::OwnCost own_cost(os::WakeEvent& event);

// The cost of one trace event in nanoseconds; 0 after an interrupt. `event`: see RunContext::event.
double trace_event_cost_ns(os::WakeEvent& event);

}  // namespace aiobench::run
