// Proves the behaviour of libaio's batches: one that exceeds the ring, one with a request that the
// kernel refuses, and one that is cancelled before it is submitted.
#include <doctest/doctest.h>

#include "os/system_error.h"
#include "support/engine_rig.h"
#include "support/temp_file.h"

namespace aiobench::test {
namespace {

using engine::Operation;

bool usable() {
  const Status available = engine::find_factory("libaio")->available();
  if (!available) MESSAGE("skipped: " << available.error().line());
  return static_cast<bool>(available);
}

TEST_CASE("one of very many workers can hold all requests, although its ring is smaller") {
  if (!usable()) return;
  constexpr unsigned kDepth = 1000;
  const std::vector<std::byte> content = random_bytes(512 * kDepth, 1);
  const TempFile file(content);
  EngineRig rig("libaio", kDepth, 512, 1000);
  const engine::AttachedFile& attached = rig.open(file.path(), os::Access::read);
  rig.enter();
  for (int round = 0; round < 3; ++round) {
    for (unsigned i = 0; i < kDepth; ++i) {
      rig.submit(i, attached, Operation::read, i * 512ull, 512);
    }
    rig.await(kDepth);
    for (unsigned i = 0; i < kDepth; ++i) {
      REQUIRE(rig.request(i).transferred == 512);
      CHECK(std::equal(rig.buffer(i), rig.buffer(i) + 512, content.begin() + i * 512));
    }
  }
  CHECK_FALSE(rig.delivered_twice());
  CHECK(rig.engine().in_flight() == 0);
}

TEST_CASE("requests that the kernel refuses do not block the rest of their batch") {
  if (!usable()) return;
  constexpr unsigned kDepth = 30;
  const TempFile file(random_bytes(4096, 2));
  EngineRig rig("libaio", kDepth, 4096);
  const engine::AttachedFile& attached = rig.open(file.path(), os::Access::read);
  rig.enter();
  // On a read-only handle: the first, the last, and sometimes one or two in between.
  const auto refused = [](unsigned i) { return i % 5 == 0 || i % 7 == 1; };
  for (unsigned i = 0; i < kDepth; ++i) {
    rig.submit(i, attached, refused(i) ? Operation::write : Operation::read, 0, 4096);
  }
  rig.await(kDepth);
  for (unsigned i = 0; i < kDepth; ++i) {
    CAPTURE(i);
    CHECK((rig.request(i).error != 0) == refused(i));
    CHECK(rig.request(i).transferred == (refused(i) ? 0 : 4096));
  }
  CHECK_FALSE(rig.delivered_twice());
}

TEST_CASE("cancel cancels requests that were not submitted, and the engine continues") {
  if (!usable()) return;
  const TempFile file(random_bytes(4096, 3));
  EngineRig rig("libaio", 8, 4096);
  const engine::AttachedFile& attached = rig.open(file.path(), os::Access::read);
  rig.enter();
  for (unsigned i = 0; i < 8; ++i) rig.submit(i, attached, Operation::read, 0, 4096);
  rig.engine().cancel();
  engine::RequestQueue done;
  rig.engine().reap(0, engine::Wait::yes, done);
  CHECK(done.size() == 8);
  while (!done.empty()) CHECK(os::is_cancelled(done.pop().error));
  rig.submit(0, attached, Operation::read, 0, 4096);
  rig.await(1);
  CHECK(rig.request(0).error == 0);
}

}  // namespace
}  // namespace aiobench::test
