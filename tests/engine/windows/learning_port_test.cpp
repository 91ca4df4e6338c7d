// Proves the answers to the course's checks on learning about completion ports and the thread pool,
// on bare handles: the eighth to the tenth of docs/checks-on-learning.md. The eleventh,
// StartThreadpoolIo(), is in announcement_test.cpp.
#include <windows.h>

#include <doctest/doctest.h>

#include <array>
#include <atomic>
#include <set>
#include <string>
#include <thread>
#include <vector>

#include "tests/engine/windows/manual_request.h"
#include "tests/engine/windows/pipe_pair.h"
#include "tests/engine/windows/pipe_rig.h"

namespace aiobench::engine {
namespace {

TEST_CASE("8: packets are waited for one at a time, or in batches, and each is seen once") {
  const Deadline deadline;
  constexpr unsigned kDepth = 32;
  PipePair pipe;
  const Handle port(CreateIoCompletionPort(pipe.near_handle(), nullptr, 0, 0));
  std::vector<ManualRequest> requests(kDepth);
  for (ManualRequest& each : requests) {
    REQUIRE(begin_read(pipe.near_handle(), each, 1) == ERROR_IO_PENDING);
  }
  pipe.write(std::string(kDepth, 'x'));
  std::set<OVERLAPPED*> seen;
  DWORD bytes = 0;
  ULONG_PTR key = 0;
  OVERLAPPED* which = nullptr;
  REQUIRE(GetQueuedCompletionStatus(port.get(), &bytes, &key, &which, kAtMostMs));
  CHECK(seen.insert(which).second);
  while (seen.size() < kDepth) {
    std::array<OVERLAPPED_ENTRY, 8> entries{};
    ULONG count = 0;
    REQUIRE(GetQueuedCompletionStatusEx(port.get(), entries.data(), entries.size(), &count,
                                        kAtMostMs, FALSE));
    REQUIRE(count <= entries.size());
    for (ULONG i = 0; i < count; ++i) CHECK(seen.insert(entries[i].lpOverlapped).second);
  }
  for (ManualRequest& each : requests) CHECK(seen.count(&each) == 1);
  CHECK_FALSE(GetQueuedCompletionStatus(port.get(), &bytes, &key, &which, 0));
  CHECK(GetLastError() == static_cast<DWORD>(WAIT_TIMEOUT));
}

TEST_CASE("9: the OVERLAPPED's address identifies the request, the completion key the handle") {
  const Deadline deadline;
  PipePair left;
  PipePair right;
  const Handle port(CreateIoCompletionPort(left.near_handle(), nullptr, 1, 0));
  REQUIRE(CreateIoCompletionPort(right.near_handle(), port.get(), 2, 0) == port.get());
  std::array<ManualRequest, 2> of_left;
  std::array<ManualRequest, 2> of_right;
  for (std::size_t i = 0; i < 2; ++i) {
    REQUIRE(begin_read(left.near_handle(), of_left[i], 1) == ERROR_IO_PENDING);
    REQUIRE(begin_read(right.near_handle(), of_right[i], 1) == ERROR_IO_PENDING);
  }
  right.write("ab");
  left.write("cd");
  std::set<const OVERLAPPED*> left_seen;
  std::set<const OVERLAPPED*> right_seen;
  for (int i = 0; i < 4; ++i) {
    DWORD bytes = 0;
    ULONG_PTR key = 0;
    OVERLAPPED* which = nullptr;
    REQUIRE(GetQueuedCompletionStatus(port.get(), &bytes, &key, &which, kAtMostMs));
    REQUIRE((key == 1 || key == 2));
    (key == 1 ? left_seen : right_seen).insert(which);
  }
  CHECK(left_seen == std::set<const OVERLAPPED*>{&of_left[0], &of_left[1]});
  CHECK(right_seen == std::set<const OVERLAPPED*>{&of_right[0], &of_right[1]});
  const std::string both{of_left[0].data[0], of_left[1].data[0], of_right[0].data[0],
                         of_right[1].data[0]};
  CHECK(both == "cdab");
}

TEST_CASE("10: whichever threads wait on a port serve it, more of them than its concurrency too") {
  const Deadline deadline;
  constexpr unsigned kThreads = 4;
  const Handle port(CreateIoCompletionPort(INVALID_HANDLE_VALUE, nullptr, 0, 1));
  std::atomic<unsigned> arrived{0};
  std::vector<std::thread> threads;
  std::array<ULONG_PTR, kThreads> got{};
  for (unsigned i = 0; i < kThreads; ++i) {
    threads.emplace_back([&, i] {
      ++arrived;
      DWORD bytes = 0;
      OVERLAPPED* which = nullptr;
      GetQueuedCompletionStatus(port.get(), &bytes, &got[i], &which, kAtMostMs);
    });
  }
  while (arrived < kThreads) std::this_thread::yield();
  for (ULONG_PTR key = 1; key <= kThreads; ++key) {
    REQUIRE(PostQueuedCompletionStatus(port.get(), 0, key, nullptr));
  }
  for (std::thread& thread : threads) thread.join();
  CHECK(std::set<ULONG_PTR>(got.begin(), got.end()) == std::set<ULONG_PTR>{1, 2, 3, 4});
}

struct Busy {
  std::atomic<int> now{0};
  std::atomic<int> max{0};
  std::atomic<int> calls{0};
  static void CALLBACK work(PTP_CALLBACK_INSTANCE, void* self, PTP_WORK) {
    auto& busy = *static_cast<Busy*>(self);
    const int here = ++busy.now;
    int max = busy.max.load();
    while (max < here && !busy.max.compare_exchange_weak(max, here)) {
    }
    Sleep(10);
    --busy.now;
    ++busy.calls;
  }
};

TEST_CASE("10: the thread pool has the threads that it decides to have, within the limits set") {
  const Deadline deadline;
  for (const DWORD limit : {1u, 3u}) {
    CAPTURE(limit);
    const PTP_POOL pool = CreateThreadpool(nullptr);
    REQUIRE(pool != nullptr);
    SetThreadpoolThreadMaximum(pool, limit);
    REQUIRE(SetThreadpoolThreadMinimum(pool, limit));
    TP_CALLBACK_ENVIRON environment;
    InitializeThreadpoolEnvironment(&environment);
    SetThreadpoolCallbackPool(&environment, pool);
    Busy busy;
    const PTP_WORK work = CreateThreadpoolWork(Busy::work, &busy, &environment);
    REQUIRE(work != nullptr);
    for (int i = 0; i < 20; ++i) SubmitThreadpoolWork(work);
    WaitForThreadpoolWorkCallbacks(work, FALSE);
    CloseThreadpoolWork(work);
    CloseThreadpool(pool);
    CHECK(busy.calls == 20);
    CHECK(busy.max <= static_cast<int>(limit));
    if (limit > 1) CHECK(busy.max > 1);
  }
}

}  // namespace
}  // namespace aiobench::engine
