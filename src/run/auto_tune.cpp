#include "run/auto_tune.h"

#include <algorithm>
#include <thread>

#include "base/units.h"
#include "engine/registry.h"
#include "os/atomic_file.h"
#include "os/file.h"
#include "os/memory.h"
#include "run/run.h"

namespace aiobench::run {
namespace {

// A value for each setting that the user may leave out.
struct Choice {
  const char* engine;
  unsigned depth;
  unsigned threads;
  std::uint32_t block_bytes;
};

// Up to this size a second thread costs more than it saves.
constexpr std::uint64_t kSmallFile = kMiB;

// From this size on, mapped blocks are large. A mapped block costs system calls and no memory, and
// a file of this size has enough large blocks for every thread.
constexpr std::uint64_t kLargeFile = 64 * kMiB;

// The defaults if no better values are known.
constexpr std::uint32_t kUsualBlock = 256 * kKiB;
constexpr std::uint32_t kRandomBlock = 4 * kKiB;
constexpr std::uint32_t kMappedBlock = 8 * kMiB;
constexpr std::uint32_t kSmallMappedBlock = kMiB;
constexpr unsigned kUsualThreads = 2;
constexpr Choice kCachedBlocking = {"sync", 4, kUsualThreads, kUsualBlock};

// The first of `names` that can be used here; sync works everywhere.
const char* first_usable(std::initializer_list<const char*> names, const Conditions& conditions) {
  for (const char* const name : names) {
    if (conditions.usable(name)) return name;
  }
  return "sync";
}

// For `auto`. A file that is in the page cache is read fastest without copying it, and a file that
// must be read from a disk with several requests in flight.
Choice best(const Settings& wanted, const Conditions& conditions) {
  if (conditions.random) {
    return {first_usable({"iocp", "io_uring", "threadpool"}, conditions), kUsualDepth, 1,
            kRandomBlock};
  }
  if (wanted.direct() || !conditions.cached) {
    return {first_usable({"iocp", "io_uring", "threadpool"}, conditions), kUsualDepth,
            kUsualThreads, kMiB};
  }
  if (conditions.file_bytes <= kSmallFile) return {"sync", 1, 1, kUsualBlock};
  if (conditions.writes == Writes::buffered) return kCachedBlocking;
  // Direct writes take the pages of the cache as they are. One thread keeps the disk busy and has
  // time to hash.
  if (conditions.writes == Writes::direct) {
    return {first_usable({"mmap", "iocp", "io_uring", "threadpool"}, conditions), kUsualDepth, 1,
            kMiB};
  }
  const bool hashes = wanted.hash != HashAlgorithm::none;
  if (!hashes || !conditions.cheap_to_map || !conditions.usable("mmap")) return kCachedBlocking;
  const std::uint32_t block =
      conditions.file_bytes >= kLargeFile ? kMappedBlock : kSmallMappedBlock;
  return {"mmap", 4, kUsualThreads, block};
}

// For an engine that the user has named.
Choice usual(const Settings& wanted, const Conditions& conditions) {
  return {wanted.engine.c_str(), kUsualDepth, kUsualThreads,
          conditions.random ? kRandomBlock : kUsualBlock};
}

bool usable_here(std::string_view engine) {
  const engine::Factory* const factory = engine::find_factory(engine);
  return factory != nullptr && factory->available();
}

// Whether writing `to` with direct access is worthwhile: the file system supports it, `block_bytes`
// is a suitable block size (0: any that will be chosen), also for a mapped source, and `from` is
// large enough. Creates the temporary file of `to` and removes it.
bool direct_pays(const std::string& from, const std::string& to, std::uint32_t block_bytes) {
  const Result<std::uint64_t> bytes = size_of(from);
  // A small file is written faster through the page cache, with one flush.
  if (!bytes || *bytes < kMiB) return false;
  const Result<os::AtomicFile> attempt = os::AtomicFile::begin(to, true);
  if (!attempt) return false;
  const Result<os::File> file =
      os::File::open(attempt->temporary(), {.access = os::Access::write, .direct = true});
  if (!file) return false;
  const std::uint32_t alignment = file->direct_alignment();
  return block_bytes % alignment == 0 && alignment <= os::page_bytes();
}

// With an open choice, direct writes are used only with a flush: without one, writing to the page
// cache is faster.
bool writes_direct(const std::string& path, const Settings& wanted) {
  const CopySettings& copy = *wanted.copy;
  if (wanted.copies_by_system()) return false;
  if (copy.write_cache != WriteCache::automatic) return copy.write_cache == WriteCache::direct;
  return copy.flush && direct_pays(path, copy.destination, wanted.block_bytes);
}

void examine(const std::string& path, Conditions& conditions) {
  const Result<os::File> file = os::File::open(path, {});
  if (!file) return;
  if (const Result<std::uint64_t> bytes = file->size()) conditions.file_bytes = *bytes;
  const Result<double> share = os::sampled_resident_share(*file);
  conditions.cached = share && *share > 0.9;
  conditions.cheap_to_map = !conditions.cached || os::cheap_to_map(*file);
}

// The copy function of the system makes sequential calls in one thread.
void choose_for_system_copy(Settings& chosen) {
  chosen.depth = chosen.threads = 1;
  if (chosen.block_bytes == 0) chosen.block_bytes = kUsualBlock;
  if (!chosen.copy) return;
  chosen.copy->writer = kSystemCopy;
  chosen.copy->write_cache = WriteCache::buffered;
}

void choose_writer(const Conditions& conditions, bool maps_files, Settings& chosen) {
  chosen.copy->writer = maps_files ? first_usable({"iocp", "io_uring", "threadpool"}, conditions)
                                   : chosen.engine_text();
  chosen.copy->write_cache =
      conditions.writes == Writes::direct ? WriteCache::direct : WriteCache::buffered;
}

}  // namespace

Settings choose_missing(const Settings& wanted, const Conditions& conditions) {
  Settings chosen = wanted;
  if (wanted.copies_by_system()) {
    choose_for_system_copy(chosen);
    return chosen;
  }
  const Choice choice =
      wanted.engine_is_open() ? best(wanted, conditions) : usual(wanted, conditions);
  if (wanted.engine_is_open()) {
    chosen.requested_engine = wanted.engine;
    chosen.engine = choice.engine;
    chosen.engine_options.clear();
  }
  if (chosen.depth == 0) chosen.depth = choice.depth;
  if (chosen.threads == 0) chosen.threads = std::min(choice.threads, std::max(conditions.cpus, 1u));
  if (chosen.block_bytes == 0) chosen.block_bytes = choice.block_bytes;
  if (const Result<const engine::Mechanism*> mechanism = engine::find_mechanism(chosen.engine)) {
    chosen.latency_of = (*mechanism)->latency_of;
    if (chosen.copy) choose_writer(conditions, (*mechanism)->maps_files, chosen);
  }
  return chosen;
}

Conditions conditions_of(const std::string& path, const Settings& wanted) {
  Conditions conditions;
  conditions.random = wanted.random();
  conditions.cpus = std::thread::hardware_concurrency();
  conditions.usable = usable_here;
  if (wanted.copy) {
    conditions.writes = writes_direct(path, wanted) ? Writes::direct : Writes::buffered;
  }
  if (wanted.engine_is_open()) examine(path, conditions);
  if (wanted.cache == CacheState::warm) conditions.cached = true;
  if (wanted.cache == CacheState::cold) conditions.cached = false;
  return conditions;
}

Settings choose_missing(const Settings& wanted, const std::string& path) {
  return choose_missing(wanted, conditions_of(path, wanted));
}

}  // namespace aiobench::run
