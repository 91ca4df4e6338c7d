// Proves that io_uring and libaio distinguish requests that had completed when the submitting call
// returned from those that completed later. On pipes, where the test decides when a request
// completes.
#include <doctest/doctest.h>
#include <unistd.h>

#include <array>

#include "support/engine_rig.h"
#include "support/temp_file.h"

namespace aiobench::test {
namespace {

using engine::Operation;

// The engine gets the read end.
class Pipe {
 public:
  explicit Pipe(EngineRig& rig) {
    std::array<int, 2> ends{};
    REQUIRE(::pipe(ends.data()) == 0);
    far_ = ends[1];
    auto near = rig.engine().attach(os::File::adopt(ends[0], "pipe"));
    REQUIRE(near);
    near_ = *near;
  }
  ~Pipe() { ::close(far_); }
  Pipe(const Pipe&) = delete;
  Pipe& operator=(const Pipe&) = delete;

  const engine::AttachedFile& near() const { return *near_; }
  void send(const char* letters, std::size_t count) const {
    CHECK(::write(far_, letters, count) == static_cast<ssize_t>(count));
  }

 private:
  int far_ = -1;
  const engine::AttachedFile* near_ = nullptr;
};

bool usable(const char* name) {
  const Status available = engine::find_factory(name)->available();
  if (!available) MESSAGE("skipped: " << available.error().line());
  return static_cast<bool>(available);
}

TEST_CASE("a request that had to wait did not complete in the call; others of its batch did") {
  if (!usable("io_uring")) return;
  EngineRig rig("io_uring", 3, 512);
  const Pipe full(rig);
  const Pipe empty(rig);
  rig.enter();
  for (int round = 0; round < 3; ++round) {
    CAPTURE(round);
    full.send("ab", 2);
    rig.submit(0, full.near(), Operation::read, 0, 1);
    rig.submit(1, empty.near(), Operation::read, 0, 1);
    rig.submit(2, full.near(), Operation::read, 0, 1);
    rig.await(2);
    CHECK(rig.request(0).done_in_call);
    CHECK(rig.request(2).done_in_call);
    empty.send("c", 1);
    rig.await(1);
    CHECK(rig.request(1).transferred == 1);
    CHECK_FALSE(rig.request(1).done_in_call);
  }
}

TEST_CASE("a request that completes by the time of a later call did not complete in its own") {
  if (!usable("io_uring")) return;
  EngineRig rig("io_uring", 2, 512);
  const Pipe pipe(rig);
  const Pipe full(rig);
  rig.enter();
  rig.submit(0, pipe.near(), Operation::read, 0, 1);
  rig.engine().flush(0);
  pipe.send("a", 1);
  full.send("b", 1);
  rig.submit(1, full.near(), Operation::read, 0, 1);
  rig.await(2);
  CHECK_FALSE(rig.request(0).done_in_call);
  CHECK(rig.request(1).done_in_call);
}

TEST_CASE("libaio reads through the page cache inside the call") {
  if (!usable("libaio")) return;
  constexpr unsigned kDepth = 100;
  const TempFile file(random_bytes(512 * kDepth, 1));
  EngineRig rig("libaio", kDepth, 512);
  const engine::AttachedFile& attached = rig.open(file.path(), os::Access::read);
  rig.enter();
  for (int round = 0; round < 5; ++round) {
    for (unsigned i = 0; i < kDepth; ++i) {
      rig.submit(i, attached, Operation::read, i * 512ull, 512);
      if (i % 7 == 0) rig.engine().flush(0);
    }
    rig.await(kDepth);
    for (unsigned i = 0; i < kDepth; ++i) CHECK(rig.request(i).done_in_call);
  }
}

TEST_CASE("with a polling kernel thread no request completes in the call") {
  if (!usable("io_uring")) return;
  const TempFile file(random_bytes(512, 1));
  EngineRig rig("io_uring:sqpoll", 1, 512);
  const engine::AttachedFile& attached = rig.open(file.path(), os::Access::read);
  rig.enter();
  for (int round = 0; round < 10; ++round) {
    rig.submit(0, attached, Operation::read, 0, 512);
    rig.await(1);
    CHECK_FALSE(rig.request(0).done_in_call);
  }
}

}  // namespace
}  // namespace aiobench::test
