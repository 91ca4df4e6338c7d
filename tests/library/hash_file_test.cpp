// Tests the public functions of the library: the digest of a file with each engine, calls from
// several threads at once, the rejection of invalid settings, and the list of engines.
#include <doctest/doctest.h>

#include <algorithm>
#include <string_view>
#include <thread>

#include "aiobench/aiobench.h"
#include "base/units.h"
#include "support/temp_file.h"

namespace aiobench::test {
namespace {

// ThreadSanitizer does not see the system calls with which liburing maps and unmaps its rings. A
// ring at the address of an earlier one of another thread looks like a race.
#if defined(__SANITIZE_THREAD__)
constexpr std::string_view kNotAtOnce = "io_uring";
#else
constexpr std::string_view kNotAtOnce;
#endif

std::vector<std::string> usable_names() {
  std::vector<std::string> names;
  for (const EngineInfo& info : engines()) {
    if (info.usable && info.name != "null") names.push_back(info.name);
  }
  return names;
}

Error refusal_of(const HashSettings& settings) {
  const Result<HashFigures> result = hash_file("/nowhere/at/all", settings);
  REQUIRE_FALSE(result);
  return result.error();
}

}  // namespace

TEST_CASE("the digest is correct with each engine, and the results cover the whole file") {
  const std::vector<std::byte> content = random_bytes(3 * kMiB + 17, 1);
  const TempFile file(content);
  const std::string digest = digest_of(content, hash::Algorithm::xxh128);
  const std::vector<std::string> names = usable_names();
  REQUIRE(names.size() >= 3);
  for (const std::string& engine : names) {
    CAPTURE(engine);
    HashSettings settings{.engine = engine, .depth = 3, .threads = 2, .hash = "xxh128"};
    settings.block_bytes = 64 * kKiB;
    const Result<HashFigures> figures = hash_file(file.path(), settings);
    REQUIRE(figures);
    CHECK(figures->digest == digest);
    CHECK(figures->engine == engine);
    CHECK(figures->bytes == content.size());
    CHECK(figures->depth == 3);
    CHECK(figures->block_bytes == 64 * kKiB);
    CHECK(figures->requests >= 49);
    CHECK(figures->inline_completions <= figures->requests);
    CHECK(figures->wall_seconds > 0);
    CHECK(figures->gib_per_second() > 0);
    CHECK(figures->latency_p50_ns <= figures->latency_p99_ns);
    CHECK(figures->latency_p99_ns <= figures->latency_max_ns);
  }
}

TEST_CASE("open settings are chosen, and the results name them") {
  const std::vector<std::byte> content = random_bytes(1000, 2);
  const TempFile file(content);
  const Result<HashFigures> figures = hash_file(file.path());
  REQUIRE(figures);
  CHECK(figures->digest == digest_of(content, hash::Algorithm::xxh3));
  const std::vector<std::string> names = usable_names();
  CHECK(std::find(names.begin(), names.end(), figures->engine) != names.end());
  CHECK(figures->depth == 1);
  CHECK(figures->block_bytes > 0);
}

TEST_CASE("several threads hash at once, each with its own engine") {
  const std::vector<std::byte> content = random_bytes(kMiB + 5, 3);
  const TempFile file(content);
  const std::string digest = digest_of(content, hash::Algorithm::xxh3);
  for (const std::string& engine : usable_names()) {
    if (engine == kNotAtOnce) continue;
    CAPTURE(engine);
    std::vector<std::string> digests(3);
    std::vector<std::thread> threads;
    for (std::string& mine : digests) {
      threads.emplace_back([&file, &engine, &mine] {
        const Result<HashFigures> figures = hash_file(file.path(), {.engine = engine});
        mine = figures ? figures->digest : figures.error().line();
      });
    }
    for (std::thread& thread : threads) thread.join();
    CHECK(digests == std::vector<std::string>(3, digest));
  }
}

TEST_CASE("invalid settings are rejected before the file is opened") {
  HashSettings deep;
  deep.depth = 4097;
  CHECK(refusal_of(deep).line() ==
        "cannot use depth 4097: the value must be between 1 and 4096 (use 0 for an automatic "
        "choice)");
  HashSettings wide;
  wide.threads = 1025;
  HashSettings small;
  small.block_bytes = 511;
  HashSettings unknown;
  unknown.engine = "warp";
  HashSettings hash;
  hash.hash = "md5";
  HashSettings mapped;
  mapped.engine = "mmap";
  mapped.direct = true;
  for (const HashSettings& settings : {deep, wide, small, unknown, hash, mapped}) {
    CHECK(refusal_of(settings).kind == Error::Kind::usage);
  }
  // With valid settings the missing file is the error.
  CHECK(refusal_of({}).kind == Error::Kind::system);
  CHECK(refusal_of({}).path == "/nowhere/at/all");
}

TEST_CASE("an engine of another system is rejected, and an unusable one gives the reason") {
  const std::vector<EngineInfo> all = engines();
  const auto has = [&](const char* name) {
    return std::any_of(all.begin(), all.end(),
                       [&](const EngineInfo& info) { return info.name == name; });
  };
  CHECK(has("sync"));
  CHECK_FALSE(has("auto"));
  CHECK(has("iocp") != has("io_uring"));
  CHECK(refusal_of({.engine = has("iocp") ? "io_uring" : "iocp"}).kind == Error::Kind::usage);
  for (const EngineInfo& info : all) {
    CAPTURE(info.name);
    CHECK_FALSE(info.completion.empty());
    CHECK(info.usable == info.reason.empty());
  }
}

}  // namespace aiobench::test
