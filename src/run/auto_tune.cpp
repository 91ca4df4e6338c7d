#include "run/auto_tune.h"

#include <algorithm>
#include <thread>

#include "base/units.h"
#include "os/file.h"
#include "os/page_cache.h"

namespace aiobench::run {
namespace {

// One value for each setting that can be left open.
struct Choice {
  const char* engine;
  unsigned depth;
  unsigned threads;
  std::uint32_t block_bytes;
};

// Up to this size a second thread costs more than it saves.
constexpr std::uint64_t kSmallFile = kMiB;

// From this size on there is a large block for every thread. A block costs system calls, not
// memory.
constexpr std::uint64_t kLargeFile = 64 * kMiB;

// The defaults if no better values are known.
constexpr std::uint32_t kUsualBlock = 256 * kKiB;
constexpr std::uint32_t kRandomBlock = 4 * kKiB;
constexpr std::uint32_t kMappedBlock = 8 * kMiB;
constexpr std::uint32_t kSmallMappedBlock = kMiB;
constexpr unsigned kUsualThreads = 2;
constexpr Choice kCachedBlocking = {"sync", 4, kUsualThreads, kUsualBlock};

// The first of `names` that can be used here; sync works everywhere.
const char* first_usable(std::initializer_list<const char*> names, const Circumstances& info) {
  for (const char* const name : names) {
    if (info.usable(name)) return name;
  }
  return "sync";
}

// A cached file is read fastest without a copy; a file that must be read from a disk, with several
// requests in flight.
Choice best(const RunSettings& wanted, const Circumstances& info) {
  if (info.random) {
    return {first_usable({"iocp", "io_uring", "threadpool"}, info), kUsualDepth, 1, kRandomBlock};
  }
  if (wanted.direct || !info.cached) {
    return {first_usable({"iocp", "io_uring", "threadpool"}, info), kUsualDepth, kUsualThreads,
            kMiB};
  }
  if (info.file_bytes <= kSmallFile) return {"sync", 1, 1, kUsualBlock};
  if (info.writes == Writes::buffered) return kCachedBlocking;
  // Direct writes take the pages of the cache as they are. One thread keeps the disk busy and has
  // time to hash.
  if (info.writes == Writes::direct) {
    return {first_usable({"mmap", "iocp", "io_uring", "threadpool"}, info), kUsualDepth, 1, kMiB};
  }
  const bool hashes = wanted.hash != hash::Algorithm::none;
  if (!hashes || !info.cheap_to_map || !info.usable("mmap")) return kCachedBlocking;
  const std::uint32_t block = info.file_bytes >= kLargeFile ? kMappedBlock : kSmallMappedBlock;
  return {"mmap", 4, kUsualThreads, block};
}

Choice usual(const RunSettings& wanted, const Circumstances& info) {
  return {wanted.engine.mechanism->name, kUsualDepth, kUsualThreads,
          info.random ? kRandomBlock : kUsualBlock};
}

bool usable_here(std::string_view engine) {
  const engine::Maker* const maker = engine::find_maker(engine);
  return maker != nullptr && maker->available();
}

bool is_auto(const RunSettings& wanted) {
  return std::string_view(wanted.engine.mechanism->name) == engine::kAuto;
}

}  // namespace

RunSettings settle(const RunSettings& wanted, const Circumstances& info) {
  const Choice choice = is_auto(wanted) ? best(wanted, info) : usual(wanted, info);
  RunSettings settled = wanted;
  if (is_auto(wanted)) settled.engine = {*engine::find_mechanism(choice.engine), {}};
  if (settled.depth == 0) settled.depth = choice.depth;
  if (settled.threads == 0) settled.threads = std::min(choice.threads, std::max(info.cpus, 1u));
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

Circumstances circumstances_of(const std::string& path, const RunSettings& wanted, bool random) {
  Circumstances info;
  info.random = random;
  info.cpus = std::thread::hardware_concurrency();
  info.usable = usable_here;
  if (!depends_on_file(wanted)) return info;
  const Result<os::File> file = os::File::open(path, {});
  if (!file) return info;
  if (const Result<std::uint64_t> bytes = file->size()) info.file_bytes = *bytes;
  const Result<double> share = os::sampled_resident_share(*file);
  info.cached = share && *share > 0.9;
  info.cheap_to_map = !info.cached || os::cheap_to_map(*file);
  return info;
}

}  // namespace aiobench::run
