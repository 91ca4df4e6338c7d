// Proves that io_uring and libaio tell the requests that were done when the call returned which
// handed them over from those that were done later: on pipes, where a test decides when that is.
#include <doctest/doctest.h>
#include <unistd.h>

#include <array>

#include "support/engine_rig.h"
#include "support/temp_file.h"

namespace aiobench::test {
namespace {

using engine::Operation;

// The end for reading is for the engine.
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
  const Status available = engine::find_maker(name)->available();
  if (!available) MESSAGE("skipped: " << available.error().line());
  return static_cast<bool>(available);
}

TEST_CASE("a request that had to wait was not done in the call, and others of its batch were") {
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

TEST_CASE("a request that is done by the time of a later call was not done in its own") {
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

TEST_CASE("nothing is done in a call where a thread of the kernel polls for requests") {
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
