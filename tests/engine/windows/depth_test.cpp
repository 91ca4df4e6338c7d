// Proves that depth is no limit to any asynchronous engine: of hundreds and thousands of requests
// in flight, each is seen as promptly as the first when it completes alone, none starves when all
// complete, and all of them can be cancelled. For `overlapped` this is beyond what one wait can
// take (64 handles).
#include <doctest/doctest.h>

#include <algorithm>

#include "platform/system_error.h"
#include "tests/engine/windows/pipe_pair.h"
#include "tests/engine/windows/pipe_rig.h"

namespace aiobench::engine {
namespace {

// How long it takes to see that `request` is done, in ms: the median of some tries. It is in
// flight at the start, among many others, and at the end.
double median_delay_ms(Rig& rig, PipePair& pipe, Block& request) {
  std::vector<double> delays;
  for (int i = 0; i < 15; ++i) {
    platform::Ticks written = 0;
    std::thread other([&] {
      Sleep(10);  // by then this thread sleeps
      written = platform::now_ticks();
      pipe.write("x");
    });
    REQUIRE(&rig.next() == &request);
    const platform::Ticks seen = request.completed_ticks;
    other.join();
    delays.push_back(seen > written ? platform::ticks_to_ns(seen - written) * 1e-6 : 0);
    REQUIRE(rig.submit(request) == Outcome::pending);
  }
  std::sort(delays.begin(), delays.end());
  return delays[delays.size() / 2];
}

// `count` reads in flight, of which number `single` (from 1) alone is on a pipe of its own.
void check_single(const char* spec, int count, int single) {
  CAPTURE(spec);
  CAPTURE(count);
  CAPTURE(single);
  const Deadline deadline(std::chrono::seconds(60));
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
  const double delay_ms = median_delay_ms(rig, alone, blocks[static_cast<std::size_t>(single - 1)]);
  MESSAGE(spec << ": request " << single << " of " << count << " seen after " << delay_ms << " ms");
  CHECK(delay_ms < 2);
  rig.engine().cancel();
  for (int i = 0; i < count; ++i) REQUIRE(platform::is_cancelled(rig.next().error));
  CHECK(rig.engine().in_flight() == 0);
}

TEST_CASE("the 200th of 256 requests in flight completes alone and is seen at once") {
  for (const char* const spec : kAsynchronous) check_single(spec, 256, 200);
}

TEST_CASE("overlapped: so is any, on both sides of each limit of 64 handles") {
  for (const int single : {1, 63, 64, 65, 126, 127, 256}) check_single("overlapped", 256, single);
  for (const int count : {63, 64, 65}) check_single("overlapped", count, count);
}

TEST_CASE("the last of 4096 requests in flight completes alone and is seen at once") {
  for (const char* const spec : {"overlapped", "extended", "iocp", "threadpool"}) {
    check_single(spec, 4096, 4096);
  }
}

TEST_CASE("when all of 300 requests complete, again and again, none starves") {
  constexpr int kDepth = 300;
  constexpr int kRequests = 3000;
  for (const char* const spec : kAsynchronous) {
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
    // Fewer bytes at a time than requests in flight: a pipe serves them in order, so each of the
    // requests completes once in a round, however many its engine has to look at.
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

}  // namespace
}  // namespace aiobench::engine
