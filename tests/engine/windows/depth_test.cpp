// Proves that depth does not limit any asynchronous engine: of hundreds and thousands of requests
// in flight, each is delivered promptly when it completes alone, none starves when all complete, no
// worker polls, and all can be cancelled. For `overlapped` this exceeds one wait (64 handles).
#include <doctest/doctest.h>

#include <algorithm>

#include "os/host.h"
#include "os/system_error.h"
#include "tests/engine/windows/pipe_pair.h"
#include "tests/engine/windows/pipe_rig.h"

namespace aiobench::engine {
namespace {

// The time in ms until the completion of `request` is delivered: the lower quartile of several
// tries, because other programs may use the processor during the others. The request is in flight,
// among many, at the start and at the end.
double usual_delay_ms(Rig& rig, PipePair& pipe, Block& request) {
  std::vector<double> delays;
  for (int i = 0; i < 20; ++i) {
    os::Ticks written = 0;
    std::thread other([&] {
      Sleep(5);  // this thread sleeps by then
      written = os::now_ticks();
      pipe.write("x");
    });
    REQUIRE(&rig.next() == &request);
    const os::Ticks seen = request.completed_ticks;
    other.join();
    delays.push_back(seen > written ? os::ticks_to_ns(seen - written) * 1e-6 : 0);
    REQUIRE(rig.submit(request) == Outcome::pending);
  }
  std::sort(delays.begin(), delays.end());
  return delays[delays.size() / 4];
}

// Whether it is delivered within 2 ms. Other programs may delay most tries of one round; a slow
// mechanism is slow in every round.
bool is_prompt(Rig& rig, PipePair& pipe, Block& request) {
  constexpr int kRounds = 20;
  for (int round = 0; round < kRounds; ++round) {
    const double delay_ms = usual_delay_ms(rig, pipe, request);
    if (delay_ms < 2) return true;
    MESSAGE("seen after ", delay_ms, " ms in round ", round);
  }
  return false;
}

// `count` reads in flight, of which number `single` (from 1) alone is on a pipe of its own.
void check_single(const std::string& spec, int count, int single) {
  CAPTURE(spec);
  CAPTURE(count);
  CAPTURE(single);
  const Deadline deadline(std::chrono::seconds(300));
  PipePair crowd;
  PipePair alone;
  Rig rig(spec, static_cast<unsigned>(count));
  const AttachedFile* const crowd_file = rig.attach(crowd.near_end());
  const AttachedFile* const alone_file = rig.attach(alone.near_end());
  rig.enter();
  std::deque<Block> blocks;
  for (int i = 1; i <= count; ++i) {
    Block& block = blocks.emplace_back(i == single ? alone_file : crowd_file, Operation::read, 64u);
    REQUIRE(rig.submit(block) == Outcome::pending);
  }
  CHECK(is_prompt(rig, alone, blocks[static_cast<std::size_t>(single - 1)]));
  rig.engine().cancel();
  for (int i = 0; i < count; ++i) REQUIRE(os::is_cancelled(rig.next().error));
  CHECK(rig.engine().in_flight() == 0);
}

TEST_CASE("the 200th of 256 requests in flight completes alone and is delivered promptly") {
  for (const std::string& spec : kAsynchronous) check_single(spec, 256, 200);
}

TEST_CASE("overlapped: so is each one on both sides of a limit of 64 handles") {
  for (const int single : {1, 63, 64, 65, 126, 127, 256}) check_single("overlapped", 256, single);
  for (const int count : {63, 64, 65}) check_single("overlapped", count, count);
}

TEST_CASE("the last of 4096 requests in flight completes alone and is delivered promptly") {
  for (const std::string spec : {"overlapped", "extended", "iocp", "threadpool"}) {
    check_single(spec, 4096, 4096);
  }
}

TEST_CASE("when all of 300 requests complete, again and again, none starves") {
  constexpr int kDepth = 300;
  constexpr int kRequests = 3000;
  for (const std::string& spec : kAsynchronous) {
    CAPTURE(spec);
    const Deadline deadline;
    PipePair pipe;
    Rig rig(spec, kDepth);
    const AttachedFile* const file = rig.attach(pipe.near_end());
    rig.enter();
    std::deque<Block> blocks;
    for (int i = 0; i < kDepth; ++i) {
      REQUIRE(rig.submit(blocks.emplace_back(file, Operation::read, 1)) == Outcome::pending);
    }
    // Fewer bytes at a time than requests in flight: a pipe serves them in order, so each request
    // completes once per round, however many requests the engine checks.
    std::vector<int> served(kDepth, 0);
    for (int done = 0; done < kRequests; done += 100) {
      pipe.write(std::string(100, 'x'));
      for (int i = 0; i < 100; ++i) {
        Request& request = rig.next();
        REQUIRE(request.error == 0);
        const auto which = std::find_if(blocks.begin(), blocks.end(),
                                        [&](const Block& block) { return &block == &request; });
        ++served[static_cast<std::size_t>(which - blocks.begin())];
        REQUIRE(rig.submit(request) == Outcome::pending);
      }
    }
    for (const int times : served) CHECK(times == kRequests / kDepth);
    rig.engine().cancel();
    for (int i = 0; i < kDepth; ++i) rig.next();
    CHECK(rig.engine().in_flight() == 0);
  }
}

// Far less than a second of polling, far more than the resolution of Wine's CPU time.
constexpr double kIdleSeconds = 0.08;

// The CPU seconds of this process until a read is delivered one second from now, if the event of
// the read is already set: as it is when the system sets it late for its previous request, or when
// a request finished inside the call.
double cpu_seconds_after_stray_event(Rig& rig, PipePair& pipe, Block& request) {
  const auto total = [] {
    const os::CpuTime time = os::process_cpu_time();
    return time.user_seconds + time.system_seconds;
  };
  const double before = total();
  std::thread other([&] {
    Sleep(20);
    SetEvent(request.native_as<OVERLAPPED>().hEvent);
    Sleep(1000);
    pipe.write("x");
  });
  CHECK(&rig.next() == &request);
  other.join();
  return total() - before;
}

TEST_CASE("overlapped: an event that is set only causes a check, no polling") {
  const Deadline deadline;
  PipePair crowd;
  PipePair alone;
  Rig rig("overlapped", 128);
  const AttachedFile* const crowd_file = rig.attach(crowd.near_end());
  const AttachedFile* const alone_file = rig.attach(alone.near_end());
  rig.enter();
  Block here(alone_file, Operation::read, 64);
  REQUIRE(rig.submit(here) == Outcome::pending);
  CHECK(cpu_seconds_after_stray_event(rig, alone, here) < kIdleSeconds);
  std::deque<Block> blocks;
  for (int i = 0; i < 63; ++i) {
    REQUIRE(rig.submit(blocks.emplace_back(crowd_file, Operation::read, 64)) == Outcome::pending);
  }
  // From here on in a group. The first finishes inside the call, which leaves its event set.
  Block in_group(alone_file, Operation::read, 64);
  alone.write("x");
  REQUIRE(rig.submit(in_group) == Outcome::finished);
  REQUIRE(rig.submit(in_group) == Outcome::pending);
  CHECK(cpu_seconds_after_stray_event(rig, alone, in_group) < kIdleSeconds);
  rig.engine().cancel();
  for (int i = 0; i < 63; ++i) rig.next();
}

}  // namespace
}  // namespace aiobench::engine
