// Proves what posix_aio.cpp states about glibc: requests of one descriptor wait for each other,
// those of two do not, and cancel cancels everything that still waits. On sockets and pipes, where
// the test decides when a read completes.
#include <doctest/doctest.h>
#include <sys/socket.h>
#include <unistd.h>

#include <array>
#include <chrono>
#include <thread>

#include "os/system_error.h"
#include "support/engine_rig.h"
#include "support/temp_file.h"

namespace aiobench::test {
namespace {

using engine::Operation;

// Two ends of a connection; the engine gets the near one.
class Line {
 public:
  explicit Line(EngineRig& rig) {
    std::array<int, 2> ends{};
    REQUIRE(::socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, ends.data()) == 0);
    far_ = ends[1];
    auto near = rig.engine().attach(os::File::adopt(ends[0], "line"));
    REQUIRE(near);
    near_ = *near;
  }
  ~Line() { ::close(far_); }
  Line(const Line&) = delete;
  Line& operator=(const Line&) = delete;

  const engine::AttachedFile& near() const { return *near_; }
  void send(char letter) const { CHECK(::write(far_, &letter, 1) == 1); }

 private:
  int far_ = -1;
  const engine::AttachedFile* near_ = nullptr;
};

char letter(EngineRig& rig, unsigned index) {
  return static_cast<char>(*rig.buffer(index));
}

bool usable() {
  const Status available = engine::find_factory("posix-aio")->available();
  if (!available) MESSAGE("skipped: " << available.error().line());
  return static_cast<bool>(available);
}

TEST_CASE("requests of one descriptor wait for each other, even a write for a read") {
  if (!usable()) return;
  EngineRig rig("posix-aio", 3, 512);
  const Line line(rig);
  rig.enter();
  rig.submit(0, line.near(), Operation::read, 0, 1);
  rig.submit(1, line.near(), Operation::write, 0, 1);
  rig.submit(2, line.near(), Operation::read, 0, 1);
  std::this_thread::sleep_for(std::chrono::milliseconds(50));
  engine::RequestQueue done;
  rig.engine().reap(0, engine::Wait::no, done);
  CHECK(done.empty());
  line.send('a');
  rig.await(2);
  CHECK(letter(rig, 0) == 'a');
  CHECK(rig.request(1).transferred == 1);
  CHECK(rig.engine().in_flight() == 1);
  line.send('b');
  rig.await(1);
  CHECK(letter(rig, 2) == 'b');
}

TEST_CASE("requests of two descriptors do not wait for each other") {
  if (!usable()) return;
  EngineRig rig("posix-aio", 2, 512);
  const Line first(rig);
  const Line second(rig);
  rig.enter();
  for (int round = 0; round < 100; ++round) {
    rig.submit(0, first.near(), Operation::read, 0, 1);
    rig.submit(1, second.near(), Operation::read, 0, 1);
    second.send('2');
    rig.await(1);
    CHECK(letter(rig, 1) == '2');
    CHECK(rig.engine().in_flight() == 1);
    first.send('1');
    rig.await(1);
    CHECK(letter(rig, 0) == '1');
  }
}

TEST_CASE("cancel cancels what waits behind a read, and the engine continues") {
  if (!usable()) return;
  EngineRig rig("posix-aio", 4, 512);
  const Line line(rig);
  rig.enter();
  for (unsigned i = 0; i < 4; ++i) rig.submit(i, line.near(), Operation::read, 0, 1);
  std::this_thread::sleep_for(std::chrono::milliseconds(20));
  rig.engine().cancel();
  line.send('x');
  rig.await(4);
  // A thread may or may not have started the first.
  CHECK((rig.request(0).error == 0 || os::is_cancelled(rig.request(0).error)));
  for (unsigned i = 1; i < 4; ++i) CHECK(os::is_cancelled(rig.request(i).error));
  if (rig.request(0).error == 0) line.send('x');
  rig.submit(0, line.near(), Operation::read, 0, 1);
  rig.await(1);
  CHECK(rig.request(0).error == 0);
  CHECK(letter(rig, 0) == 'x');
}

TEST_CASE("a wake reaches a worker whose requests are still in flight") {
  if (!usable()) return;
  EngineRig rig("posix-aio", 2, 512);
  const Line line(rig);
  rig.enter();
  for (int round = 0; round < 100; ++round) {
    rig.submit(0, line.near(), Operation::read, 0, 1);
    std::thread waker([&] { rig.engine().wake(0); });
    engine::RequestQueue done;
    rig.engine().reap(0, engine::Wait::yes, done);
    CHECK(done.empty());
    waker.join();
    line.send('a');
    while (done.empty()) rig.engine().reap(0, engine::Wait::yes, done);
    CHECK(done.pop().error == 0);
  }
}

}  // namespace
}  // namespace aiobench::test
