// Proves, on pipes, the outcome of submit and the later delivery for each asynchronous engine:
// pending and completed late, finished inside the call (with and without skip-on-success), refused,
// failed later, cancelled; reads and writes; and that nothing is in flight at the end.
#include <doctest/doctest.h>

#include "os/system_error.h"
#include "support/temp_file.h"
#include "tests/engine/windows/pipe_pair.h"
#include "tests/engine/windows/pipe_rig.h"

namespace aiobench::engine {
namespace {

// The outcome of a request that finished inside the call, for each engine.
Outcome inline_outcome(std::string_view spec) {
  return spec == "overlapped" || skips_on_success(spec) ? Outcome::finished : Outcome::notified;
}

// Checks that the engine delivers this request and no other, if its outcome requires it.
void expect_delivery(Rig& rig, Request& request, Outcome outcome) {
  if (outcome == Outcome::notified || outcome == Outcome::pending) CHECK(&rig.next() == &request);
  CHECK(rig.nothing_comes());
  CHECK(rig.engine().in_flight() == 0);
}

TEST_CASE("a read without data waiting is pending, and is delivered when the data comes") {
  for (const std::string& spec : kAsynchronous) {
    CAPTURE(spec);
    const Deadline deadline;
    PipePair pipe;
    Rig rig(spec);
    Block read(rig.attach(pipe.near_end()), Operation::read, 64);
    rig.enter();
    CHECK(rig.submit(read) == Outcome::pending);
    CHECK(rig.nothing_comes());
    CHECK(rig.engine().in_flight() == 1);
    pipe.write("late");
    expect_delivery(rig, read, Outcome::pending);
    CHECK(read.error == 0);
    CHECK(read.text() == "late");
    CHECK(read.completed_ticks > read.submitted_ticks);
  }
}

TEST_CASE("a read with data waiting is finished inside the call") {
  for (const std::string& spec : kAsynchronous) {
    CAPTURE(spec);
    const Deadline deadline;
    PipePair pipe;
    Rig rig(spec);
    Block read(rig.attach(pipe.near_end()), Operation::read, 64);
    rig.enter();
    pipe.write("waiting");
    const Outcome outcome = rig.submit(read);
    CHECK(outcome == inline_outcome(spec));
    expect_delivery(rig, read, outcome);
    CHECK(read.error == 0);
    CHECK(read.text() == "waiting");
  }
}

TEST_CASE("a write that the pipe has room for is finished inside the call") {
  for (const std::string& spec : kAsynchronous) {
    CAPTURE(spec);
    const Deadline deadline;
    PipePair pipe;
    Rig rig(spec);
    Block write(rig.attach(pipe.near_end()), Operation::write, 5);
    rig.enter();
    std::memcpy(write.data.data(), "hello", 5);
    const Outcome outcome = rig.submit(write);
    CHECK(outcome == inline_outcome(spec));
    expect_delivery(rig, write, outcome);
    CHECK(write.transferred == 5);
    CHECK(pipe.read(5) == "hello");
  }
}

TEST_CASE("a write that the pipe has no room for is pending until the other end reads") {
  for (const std::string& spec : kAsynchronous) {
    CAPTURE(spec);
    const Deadline deadline;
    constexpr std::uint32_t kBytes = 10 * PipePair::kRoom;
    std::string text(kBytes, 'w');
    PipePair pipe;
    Rig rig(spec, 64, kBytes);
    Block write(rig.attach(pipe.near_end()), Operation::write, kBytes);
    write.buffer = reinterpret_cast<std::byte*>(text.data());
    rig.enter();
    CHECK(rig.submit(write) == Outcome::pending);
    CHECK(rig.nothing_comes());
    CHECK(pipe.read(kBytes) == text);
    expect_delivery(rig, write, Outcome::pending);
    CHECK(write.error == 0);
    CHECK(write.transferred == kBytes);
  }
}

TEST_CASE("a request that is refused is failed, and nothing is delivered") {
  for (const std::string& spec : kAsynchronous) {
    CAPTURE(spec);
    const Deadline deadline;
    PipePair broken;
    PipePair whole;
    Rig rig(spec);
    Block on_broken(rig.attach(broken.near_end()), Operation::read, 64);
    Block bad_buffer(rig.attach(whole.near_end()), Operation::read, 64);
    rig.enter();
    broken.close_far_end();
    CHECK(rig.submit(on_broken) == Outcome::failed);
    CHECK(on_broken.error == ERROR_BROKEN_PIPE);
    CHECK(on_broken.state == Request::State::idle);
    bad_buffer.buffer = reinterpret_cast<std::byte*>(16);  // no memory there
    CHECK(rig.submit(bad_buffer) == Outcome::failed);
    CHECK(bad_buffer.error != 0);
    CHECK(rig.nothing_comes());
    CHECK(rig.engine().in_flight() == 0);
  }
}

TEST_CASE("a read of a file into an address without memory is failed, and nothing is delivered") {
  const test::TempFile data(test::random_bytes(64, 1));
  for (const std::string& spec : kAsynchronous) {
    CAPTURE(spec);
    const Deadline deadline;
    Rig rig(spec);
    Result<const AttachedFile*> file = rig.engine().open(data.path(), {});
    REQUIRE(file);
    Block read(*file, Operation::read, 64);
    rig.enter();
    read.buffer = reinterpret_cast<std::byte*>(16);
    CHECK(rig.submit(read) == Outcome::failed);
    CHECK(read.error == ERROR_NOACCESS);
    CHECK(rig.nothing_comes());
    CHECK(rig.engine().in_flight() == 0);
  }
}

TEST_CASE("a request that fails later is delivered with its error") {
  for (const std::string& spec : kAsynchronous) {
    CAPTURE(spec);
    const Deadline deadline;
    PipePair pipe;
    Rig rig(spec);
    Block read(rig.attach(pipe.near_end()), Operation::read, 64);
    rig.enter();
    CHECK(rig.submit(read) == Outcome::pending);
    pipe.close_far_end();
    expect_delivery(rig, read, Outcome::pending);
    CHECK(read.error == ERROR_BROKEN_PIPE);
    CHECK(read.transferred == 0);
  }
}

TEST_CASE("cancel ends the requests in flight on every file, and each is delivered") {
  for (const std::string& spec : kAsynchronous) {
    CAPTURE(spec);
    const Deadline deadline;
    PipePair first;
    PipePair second;
    Rig rig(spec);
    const AttachedFile* const files[] = {rig.attach(first.near_end()),
                                         rig.attach(second.near_end())};
    rig.enter();
    rig.engine().cancel();  // with nothing in flight it does nothing
    std::deque<Block> blocks;
    for (int i = 0; i < 10; ++i) {
      CHECK(rig.submit(blocks.emplace_back(files[i % 2], Operation::read, 64)) == Outcome::pending);
    }
    rig.engine().cancel();
    for (int i = 0; i < 10; ++i) {
      const Request& request = rig.next();
      CHECK(os::is_cancelled(request.error));
      CHECK(request.transferred == 0);
    }
    CHECK(rig.engine().in_flight() == 0);
    // The engine continues to work.
    CHECK(rig.submit(blocks[0]) == Outcome::pending);
    first.write("again");
    expect_delivery(rig, blocks[0], Outcome::pending);
    CHECK(blocks[0].text() == "again");
  }
}

TEST_CASE("two files on one engine: each request gets the data of its own file") {
  for (const std::string& spec : kAsynchronous) {
    CAPTURE(spec);
    const Deadline deadline;
    PipePair first;
    PipePair second;
    Rig rig(spec);
    Block on_first(rig.attach(first.near_end()), Operation::read, 64);
    Block on_second(rig.attach(second.near_end()), Operation::read, 64);
    rig.enter();
    CHECK(rig.submit(on_first) == Outcome::pending);
    CHECK(rig.submit(on_second) == Outcome::pending);
    second.write("second");
    CHECK(&rig.next() == &on_second);
    CHECK(on_second.text() == "second");
    CHECK(rig.nothing_comes());
    first.write("first");
    expect_delivery(rig, on_first, Outcome::pending);
    CHECK(on_first.text() == "first");
  }
}

}  // namespace
}  // namespace aiobench::engine
