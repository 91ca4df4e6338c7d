#include "run/copy_verify.h"

#include <algorithm>
#include <vector>

#include "base/units.h"
#include "run/auto_tune.h"
#include "run/hash_run.h"
#include "os/file.h"
#include "os/page_cache.h"
#include "os/system_error.h"

namespace aiobench::pipeline {
namespace {

// The first byte in which two files differ; their common end where one is the other's beginning.
Result<FileOffset> first_difference(const std::string& a, const std::string& b) {
  constexpr std::uint32_t kChunk = kMiB;
  Result<platform::File> left = platform::File::open(a, {});
  if (!left) return left.take_error();
  Result<platform::File> right = platform::File::open(b, {});
  if (!right) return right.take_error();
  std::vector<std::byte> ours(kChunk);
  std::vector<std::byte> theirs(kChunk);
  for (FileOffset at = 0;;) {
    const platform::Transferred one = left->read_at(ours.data(), kChunk, at);
    const platform::Transferred two = right->read_at(theirs.data(), kChunk, at);
    if (one.error != 0) return platform::system_error("read", a, one.error, at);
    if (two.error != 0) return platform::system_error("read", b, two.error, at);
    const std::uint32_t common = std::min(one.bytes, two.bytes);
    const auto end = ours.begin() + common;
    const auto differs = std::mismatch(ours.begin(), end, theirs.begin()).first;
    if (differs != end || common == 0) {
      return at + static_cast<FileOffset>(differs - ours.begin());
    }
    at += common;
  }
}

// File systems in memory have no direct access, and their files are nowhere else.
bool can_read_direct(const std::string& path) {
  return static_cast<bool>(platform::File::open(path, {.direct = true}));
}

Result<bool> evict(const std::string& path) {
  const Result<platform::File> file = platform::File::open(path, {});
  if (!file) return file.error();
  if (Status evicted = platform::evict(*file); !evicted) return false;
  const Result<double> share = platform::resident_share(*file);
  return share && *share == 0;
}

}  // namespace

Result<Verified> verify(const std::string& original, const std::string& copy, hash::Algorithm hash,
                        const std::string& digest, BufferPool& pool, platform::WakeEvent& event,
                        const Progress& progress) {
  Verified verified;
  RunSettings settings;
  settings.engine = {*engine::find_mechanism(engine::kAuto), {}};
  settings.depth = settings.threads = settings.block_bytes = 0;
  settings.hash = hash;
  settings.direct = can_read_direct(copy);
  verified.past_cache = settings.direct;
  if (!settings.direct) {
    Result<bool> evicted = evict(copy);
    if (!evicted) return evicted.take_error();
    verified.past_cache = *evicted;
  }
  settings = settle(settings, circumstances_of(copy, settings, false));
  RunOutcome outcome = hash_file(settings, copy, pool, event, progress);
  if (outcome.failure) return *outcome.failure;
  if (outcome.interrupted) return platform::interrupted_error("the copy was not verified");
  if (outcome.digest == digest) return verified;
  Result<FileOffset> at = first_difference(original, copy);
  if (!at) return at.take_error();
  verified.differs_at = *at;
  return verified;
}

}  // namespace aiobench::pipeline
