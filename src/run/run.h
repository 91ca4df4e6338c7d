// What every kind of run shares: its settings, what comes of it, the memory, the engine opened on a
// file, and what the calling thread does while lanes run.
#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>

#include "base/error.h"
#include "base/units.h"
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

struct RunSettings {
  engine::EngineSpec engine;
  unsigned depth = 1;
  unsigned threads = 1;
  std::uint32_t block_bytes = 0;
  hash::Algorithm hash = hash::Algorithm::xxh3;
  bool direct = false;
  bool random = false;          // requests jump about: see os::OpenOptions
  double interval_seconds = 0;  // that figures are kept for besides those of the run; 0: as suits
  // Whether threads sum up blocks out of order, where the hash can; by itself where it is worth it.
  std::optional<bool> split_hash;
  stats::Trace* trace = nullptr;  // that is kept of the run, or none
};

struct RunOutcome {
  std::optional<Error> failure;
  bool interrupted = false;  // the figures are of a part of the work, and there is no digest
  std::string digest;        // empty without a hash, or where no whole file was hashed
  std::uint64_t file_bytes = 0;
  std::uint64_t done_bytes = 0;       // hashed in order, or read
  unsigned lanes = 0;                 // depth, or the number of blocks where that is smaller
  unsigned threads = 0;               // that served: no more than lanes
  std::uint64_t started_unix_ns = 0;  // by the wall clock, since 1970
  double wall_seconds = 0;
  os::CpuTime cpu;
  std::optional<double> other_cpu_share;  // as in result::Repetition
  stats::Recorder totals;
  std::uint64_t traced_events = 0;  // kept or not
};

// Called from the calling thread some times a second, with the bytes done so far, and how many
// there will be in all.
using Progress = std::function<void(std::uint64_t done_bytes, std::uint64_t all_bytes)>;

// The memory of runs that follow one another: made for the largest, and used again.
class BufferPool {
 public:
  // `lanes` buffers of `stride` bytes.
  Status reserve(unsigned lanes, std::size_t stride);
  std::span<std::byte> span() const { return memory_.span(); }

 private:
  os::PageMemory memory_;
};

// How many lanes a file of that size keeps busy: depth, or fewer for a small file.
unsigned lanes_for(std::uint64_t file_bytes, const RunSettings& settings);

// An engine made for one file, with the file open in it.
struct OpenedFile {
  std::unique_ptr<engine::Engine> engine;
  const engine::AttachedFile* file = nullptr;
};

// The size of `path`. A file that says that it is empty and is not is an error.
Result<std::uint64_t> size_of(const std::string& path);

// Makes the engine that `settings` ask for, for `lanes` lanes and with `buffers` buffers of `pool`,
// and opens `path` in it.
Result<OpenedFile> open_file(const RunSettings& settings, const std::string& path, unsigned lanes,
                             unsigned buffers, BufferPool& pool);

// Whether the block size suits direct access to the file, where that is asked for.
Status check_direct(const engine::AttachedFile& file, const RunSettings& settings);

// For runs that go over all of `file` and hash it. Before: its size, and the lanes and threads.
RunOutcome outcome_before(const engine::Engine& engine, const engine::AttachedFile& file,
                          const RunSettings& settings);
// After, with what was done and the first failure in `outcome`: whether an interrupt has cut the
// run short, and else the digest, or a failure if the file has another size than when it was
// opened.
void conclude(const engine::Engine& engine, const engine::AttachedFile& file,
              const hash::Hasher& hasher, RunOutcome& outcome);

// What the calling thread watches over.
struct Watched {
  std::function<bool()> finished;
  std::function<void()> stop;                // begin nothing more; what is in flight is waited for
  std::function<void()> cancel;              // give up what is in flight; may be called again
  std::function<std::uint64_t()> in_flight;  // requests; any number while some come and go
  std::function<void()> report;              // some times a second
  double stop_after_seconds = 0;             // 0: nothing but the end of the work, or an interrupt
};

// Finds out whether requests that were given up stay in flight all the same.
class StuckRequests {
 public:
  // How many there are, ten times a second. True once: when some are there and their number has
  // not changed for a second. On a busy machine many requests take longer than that to come back.
  bool seen(std::uint64_t in_flight);

 private:
  std::uint64_t last_ = 0;
  unsigned times_ = 0;
  bool told_ = false;
};

// Returns when the work is finished. An interrupt stops and cancels it.
void watch(const Watched& work, os::WakeEvent& event);

// Runs `lanes` over `engine` to their end, and puts times and totals into `outcome`. `work` comes
// without `finished` and `cancel`. `pass`: as for Scheduler::trace_into(). An error: the threads
// could not be started.
Status run_lanes(engine::Engine& engine, const RunSettings& settings, std::vector<Lane>& lanes,
                 bool submit_each, Watched work, os::WakeEvent& event, RunOutcome& outcome,
                 stats::TracePass* pass);

// After scheduler.join(): times and totals.
void take_figures(const Scheduler& scheduler, RunOutcome& outcome);

// What a run takes at most, whoever asks for it: the program's options and the library's settings.

inline constexpr std::uint64_t kMostDepth = 4096;
inline constexpr std::uint64_t kMostThreads = 1024;
inline constexpr std::uint64_t kLeastBlock = 512;
inline constexpr std::uint64_t kMostBlock = kGiB;

// What the system tells of a file that decides what a figure taken of it means.

// The share of its pages, by a sample, in the page cache. Nothing where that is not known.
std::optional<double> cached_share(const std::string& path);

// The share of its bytes that no disk holds: holes, and space that was allocated and never written.
// A file system that knows no holes tells of none. Ask before the file is read: what was never
// written may count as data once it is in the page cache. Nothing for an empty file, and for one
// that cannot be asked.
std::optional<double> hole_share(const std::string& path);

// The processor time of a run: what this process used, and what others did meanwhile.

struct RunOutcome;

// Watches from when it is made.
class CpuWatch {
 public:
  // Up to now, into `outcome`.
  void stop(RunOutcome& outcome) const;

 private:
  // The system first, so that what it tells never lacks a part of the process's own time.
  std::optional<os::SystemCpuTime> system_ = os::system_cpu_time();
  os::CpuTime process_ = os::process_cpu_time();
};

}  // namespace aiobench::run

namespace aiobench::run {

// How much of the processors other processes took while something was measured.

// The share (0 to 1) of all processors' time between two readings that neither was idle nor went to
// this process, which used `own_seconds`. Nothing where a reading is missing, or where they are so
// close together that the system's steps are more than a few percent of the time between.
std::optional<double> other_cpu_share(const std::optional<os::SystemCpuTime>& before,
                                      const std::optional<os::SystemCpuTime>& after,
                                      double own_seconds);

}  // namespace aiobench::run

namespace aiobench::run {

// What the tool itself costs on this machine, so that a reader can take it off what it measures.

// Takes some milliseconds. What an interrupt cuts short is left at 0. `event` as for hash_file().
stats::OwnCost own_cost(os::WakeEvent& event);

// What an event of a trace costs the thread that it happens in, in nanoseconds. As above.
double trace_event_cost_ns(os::WakeEvent& event);

}  // namespace aiobench::run
