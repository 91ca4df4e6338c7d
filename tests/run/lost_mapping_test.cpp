// Tests that a file that loses mapped pages between its reading and its hashing or writing gets no
// digest, and that the error gives the new end of the file, or the offset of the unreadable page.
#include <doctest/doctest.h>

#include <algorithm>
#include <functional>

#include "base/units.h"
#include "engine/engine.h"
#include "engine/registry.h"
#include "os/memory.h"
#include "os/system_error.h"
#include "run/copy.h"
#include "run/hash.h"
#include "support/temp_file.h"

namespace aiobench::test {
namespace {

constexpr std::uint32_t kBlockBytes = 65'536;
constexpr std::uint64_t kFileBytes = 20 * kBlockBytes + 99;

// Returns a mapping as the engine mmap does; calls `spoil` before the block is hashed.
class SpoilingEngine final : public engine::Engine {
 public:
  using Spoil = std::function<void(const os::Mapping& mapping, FileOffset offset)>;

  SpoilingEngine(const engine::EngineConfig& config, Spoil spoil)
      : Engine(config), spoil_(std::move(spoil)) {}

 private:
  Status do_attach(engine::AttachedFile& file) override {
    Result<os::Mapping> mapping = os::Mapping::map(file.file);
    if (!mapping) return mapping.take_error();
    mapping_ = mapping.take();
    return {};
  }
  engine::Outcome do_submit(unsigned, engine::Request& request) override {
    request.transferred = request.bytes;
    request.data = mapping_.data() + request.offset;
    request.mapping = &mapping_;
    spoil_(mapping_, request.offset);
    return engine::Outcome::finished;
  }
  void do_reap(unsigned, engine::Wait wait, engine::RequestQueue&) override {
    if (wait == engine::Wait::yes) sleeper_.sleep();
  }
  void do_wake(unsigned) override { sleeper_.wake(); }

  Spoil spoil_;
  os::Mapping mapping_;
  engine::Sleeper sleeper_;
};

engine::EngineConfig config_of(unsigned depth) {
  return {.depth = depth,
          .threads = 1,
          .block_bytes = kBlockBytes,
          .buffers = {},
          .buffer_stride = 0,
          .options = {}};
}

Settings settings_of(unsigned depth) {
  Settings settings;
  settings.depth = depth;
  settings.block_bytes = kBlockBytes;
  return settings;
}

run::RunOutcome run(const TempFile& file, unsigned depth, SpoilingEngine::Spoil spoil) {
  static os::WakeEvent event;
  SpoilingEngine engine(config_of(depth), std::move(spoil));
  auto attached = engine.open(file.path(), {});
  REQUIRE(attached);
  return run::hash_attached(engine, **attached, settings_of(depth), {.event = event});
}

// Windows does not let a mapped file shrink; tests/cli covers Wine.
bool can_shrink() {
  if (engine::this_system() == std::string("Linux")) return true;
  MESSAGE("skipped: a mapped file cannot be shortened on Windows");
  return false;
}

TEST_CASE("a mapping that stays whole gives the digest") {
  const std::vector<std::byte> content = random_bytes(kFileBytes, 1);
  const TempFile file(content);
  for (const unsigned depth : {1u, 3u, 64u}) {
    const run::RunOutcome outcome = run(file, depth, [](const os::Mapping&, FileOffset) {});
    REQUIRE_MESSAGE(!outcome.failure, outcome.failure->line());
    CHECK(outcome.digest == digest_of(content, hash::Algorithm::xxh3));
  }
}

TEST_CASE("a file that shrinks between reading and hashing gets no digest") {
  if (!can_shrink()) return;
  for (const std::uint64_t end : {std::uint64_t{0}, std::uint64_t{3 * kBlockBytes},
                                  std::uint64_t{12 * kBlockBytes + 5}, kFileBytes - 1}) {
    for (const unsigned depth : {1u, 3u}) {
      CAPTURE(end);
      CAPTURE(depth);
      const TempFile file(random_bytes(kFileBytes, 2));
      const run::RunOutcome outcome = run(file, depth, [&](const os::Mapping&, FileOffset offset) {
        if (offset == 12 * kBlockBytes) file.resize(end);
      });
      CHECK(outcome.digest.empty());
      REQUIRE(outcome.failure.has_value());
      CHECK(outcome.failure->code == 0);
      if (end == kFileBytes - 1)
        continue;  // within the last page: no page is lost, but the size differs
      // With one lane, all blocks before the failing one have been hashed.
      CHECK(outcome.failure->operation == "read");
      CHECK(outcome.failure->hint.find("shrank") != std::string::npos);
      if (depth == 1)
        CHECK(outcome.failure->offset == std::max<std::uint64_t>(end, 12 * kBlockBytes));
    }
  }
}

TEST_CASE("a lost page in a file of unchanged size is a read error") {
  if (!can_shrink()) return;
  const std::vector<std::byte> content = random_bytes(kFileBytes, 3);
  const TempFile file(content);
  const FileOffset lost = 12 * kBlockBytes + os::page_bytes();
  const run::RunOutcome outcome = run(file, 1, [&](const os::Mapping& mapping, FileOffset offset) {
    if (offset != 12 * kBlockBytes) return;
    file.resize(0);
    CHECK(mapping.data()[lost + 1] == std::byte{0});
    file.write(0, content);
  });
  CHECK(outcome.digest.empty());
  REQUIRE(outcome.failure.has_value());
  CHECK(outcome.failure->operation == "read");
  CHECK(outcome.failure->code == os::device_failure_code());
  CHECK(outcome.failure->offset == lost);
}

// Only the kernel accesses the pages, when it writes them.
TEST_CASE("a file that shrinks between reading and writing is reported as the cause") {
  if (!can_shrink()) return;
  for (const bool direct : {false, true}) {
    CAPTURE(direct);
    const TempFile file(random_bytes(kFileBytes, 4));
    const TempFile copy(std::vector<std::byte>(align_up(kFileBytes, 4096)));
    const engine::EngineConfig config = config_of(1);
    SpoilingEngine reader(config, [&](const os::Mapping&, FileOffset offset) {
      if (offset == 12 * kBlockBytes) file.resize(12 * kBlockBytes + 5);
    });
    auto source = reader.open(file.path(), {});
    REQUIRE(source);
    auto writer = engine::find_factory("sync")->make(config);
    REQUIRE(writer);
    auto attached = (*writer)->open(copy.path(), {.access = os::Access::write, .direct = direct});
    if (!attached) {
      MESSAGE("skipped: " << attached.error().line());
      continue;
    }
    run::Destination destination;
    destination.file = *attached;
    destination.path = copy.path();
    destination.alignment = direct ? (*attached)->file.direct_alignment() : 1;
    Settings settings = settings_of(1);
    settings.hash = hash::Algorithm::none;
    os::WakeEvent event;
    const run::RunOutcome outcome =
        run::copy_attached(**writer, &reader, **source, destination, settings, {.event = event});
    REQUIRE(outcome.failure.has_value());
    CAPTURE(outcome.failure->line());
    CHECK(outcome.failure->operation == "read");
    CHECK(outcome.failure->path == file.path());
    CHECK(outcome.failure->hint.find("shrank") != std::string::npos);
  }
}

}  // namespace
}  // namespace aiobench::test
