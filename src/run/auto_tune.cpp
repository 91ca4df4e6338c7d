#include "run/auto_tune.h"

#include <algorithm>
#include <thread>

#include "base/units.h"
#include "os/file.h"
#include "os/memory.h"

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
Choice best(const RunSettings& wanted, const Conditions& conditions) {
  if (conditions.random) {
    return {first_usable({"iocp", "io_uring", "threadpool"}, conditions), kUsualDepth, 1,
            kRandomBlock};
  }
  if (wanted.direct || !conditions.cached) {
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
  const bool hashes = wanted.hash != hash::Algorithm::none;
  if (!hashes || !conditions.cheap_to_map || !conditions.usable("mmap")) return kCachedBlocking;
  const std::uint32_t block =
      conditions.file_bytes >= kLargeFile ? kMappedBlock : kSmallMappedBlock;
  return {"mmap", 4, kUsualThreads, block};
}

// For an engine that the user has named.
Choice usual(const RunSettings& wanted, const Conditions& conditions) {
  return {wanted.engine.mechanism->name, kUsualDepth, kUsualThreads,
          conditions.random ? kRandomBlock : kUsualBlock};
}

bool usable_here(std::string_view engine) {
  const engine::Factory* const factory = engine::find_factory(engine);
  return factory != nullptr && factory->available();
}

bool is_auto(const RunSettings& wanted) {
  return std::string_view(wanted.engine.mechanism->name) == engine::kAuto;
}

}  // namespace

RunSettings settle(const RunSettings& wanted, const Conditions& conditions) {
  const Choice choice = is_auto(wanted) ? best(wanted, conditions) : usual(wanted, conditions);
  RunSettings settled = wanted;
  if (is_auto(wanted)) settled.engine = {*engine::find_mechanism(choice.engine), {}};
  if (settled.depth == 0) settled.depth = choice.depth;
  if (settled.threads == 0)
    settled.threads = std::min(choice.threads, std::max(conditions.cpus, 1u));
  if (settled.block_bytes == 0) settled.block_bytes = choice.block_bytes;
  return settled;
}

std::string usual_writer() {
  for (const char* const name : {"iocp", "io_uring", "threadpool"}) {
    if (usable_here(name)) return name;
  }
  return "sync";
}

bool depends_on_file(const RunSettings& wanted) {
  return is_auto(wanted);
}

Conditions conditions_of(const std::string& path, const RunSettings& wanted, bool random) {
  Conditions conditions;
  conditions.random = random;
  conditions.cpus = std::thread::hardware_concurrency();
  conditions.usable = usable_here;
  if (!depends_on_file(wanted)) return conditions;
  const Result<os::File> file = os::File::open(path, {});
  if (!file) return conditions;
  if (const Result<std::uint64_t> bytes = file->size()) conditions.file_bytes = *bytes;
  const Result<double> share = os::sampled_resident_share(*file);
  conditions.cached = share && *share > 0.9;
  conditions.cheap_to_map = !conditions.cached || os::cheap_to_map(*file);
  return conditions;
}

}  // namespace aiobench::run
