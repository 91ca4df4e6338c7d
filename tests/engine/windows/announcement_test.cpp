// Proves that StartThreadpoolIo() is called once per request, and CancelThreadpoolIo() once if no
// completion follows: by the counts; by the destructor of the engine, which waits for the pool and
// would hang after a missing CancelThreadpoolIo(); and by runs that make the mistakes, which hang,
// crash or lose a completion. ("The mental model for StartThreadpoolIo".)
#include <doctest/doctest.h>

#include <array>
#include <atomic>

#include "engine/windows/overlapped_io.h"
#include "tests/engine/windows/pipe_pair.h"
#include "tests/engine/windows/pipe_rig.h"

namespace aiobench::engine {

// In the source of the engine: the calls of StartThreadpoolIo() and CancelThreadpoolIo(), and the
// callbacks.
std::array<std::uint64_t, 3> threadpool_calls(const Engine& engine);

namespace {

TEST_CASE("ten writes: ten announcements and ten callbacks, or ten withdrawals in skip mode") {
  for (const std::string spec : {"threadpool", "threadpool:skip_on_success"}) {
    CAPTURE(spec);
    const Deadline deadline;
    PipePair pipe;
    Rig rig(spec);
    const AttachedFile* const file = rig.attach(pipe.near_end());
    std::deque<Block> blocks;
    for (int i = 0; i < 10; ++i) rig.submit(blocks.emplace_back(file, Operation::write, 8));
    if (!skips_on_success(spec)) {
      for (int i = 0; i < 10; ++i) rig.next();
    }
    CHECK(rig.nothing_comes());
    const auto [started, cancelled, called_back] = threadpool_calls(rig.engine());
    CHECK(started == 10);
    CHECK(cancelled == (skips_on_success(spec) ? 10 : 0));
    CHECK(called_back == (skips_on_success(spec) ? 0 : 10));
  }
}

TEST_CASE("an announcement is withdrawn if the request was refused, and only then") {
  for (const std::string spec : {"threadpool", "threadpool:skip_on_success"}) {
    CAPTURE(spec);
    const Deadline deadline;  // the destructor of the engine waits for the pool
    PipePair pipe;
    PipePair broken;
    Rig rig(spec);
    Block pending(rig.attach(pipe.near_end()), Operation::read, 8);
    Block refused(rig.attach(broken.near_end()), Operation::read, 8);
    broken.close_far_end();
    CHECK(rig.submit(pending) == Outcome::pending);
    for (int i = 0; i < 5; ++i) CHECK(rig.submit(refused) == Outcome::failed);
    rig.engine().cancel();
    CHECK(&rig.next() == &pending);
    const auto [started, cancelled, called_back] = threadpool_calls(rig.engine());
    CHECK(started == 6);
    CHECK(cancelled == 5);
    CHECK(called_back == 1);
  }
}

// The same without the engine, with the mistakes that the engine does not make.
class RawPool {
 public:
  explicit RawPool(HANDLE file) : io_(CreateThreadpoolIo(file, count_one, this, nullptr)) {}

  PTP_IO io() const { return io_; }
  int callbacks() const { return callbacks_.load(); }

  // Whether WaitForThreadpoolIoCallbacks() returns within half a second.
  bool comes_to_rest() const {
    const Handle waiter(CreateThread(nullptr, 0, wait_for_all, io_, 0, nullptr));
    return WaitForSingleObject(waiter.get(), 500) == WAIT_OBJECT_0;
  }

 private:
  static void CALLBACK count_one(PTP_CALLBACK_INSTANCE, void* self, void*, ULONG, ULONG_PTR,
                                 PTP_IO) {
    static_cast<RawPool*>(self)->callbacks_.fetch_add(1);
  }
  static DWORD WINAPI wait_for_all(void* io) {
    WaitForThreadpoolIoCallbacks(static_cast<PTP_IO>(io), FALSE);
    return 0;
  }

  std::atomic<int> callbacks_{0};
  PTP_IO io_;
};

TEST_CASE("a missing CancelThreadpoolIo() makes the pool wait forever") {
  const Deadline deadline;
  PipePair pipe;
  RawPool pool(pipe.near_handle());
  pipe.close_far_end();
  char byte = 0;
  OVERLAPPED overlapped{};
  StartThreadpoolIo(pool.io());
  CHECK(!ReadFile(pipe.near_handle(), &byte, 1, nullptr, &overlapped));
  CHECK(GetLastError() == ERROR_BROKEN_PIPE);
  CHECK(!pool.comes_to_rest());
  CancelThreadpoolIo(pool.io());
  CHECK(pool.comes_to_rest());
  CHECK(pool.callbacks() == 0);
  CloseThreadpoolIo(pool.io());
}

TEST_CASE("so does one that is missing after a success in skip-on-success mode") {
  const Deadline deadline;
  PipePair pipe;
  RawPool pool(pipe.near_handle());
  CHECK(
      SetFileCompletionNotificationModes(pipe.near_handle(), FILE_SKIP_COMPLETION_PORT_ON_SUCCESS));
  pipe.write("x");
  char byte = 0;
  OVERLAPPED overlapped{};
  StartThreadpoolIo(pool.io());
  CHECK(ReadFile(pipe.near_handle(), &byte, 1, nullptr, &overlapped));
  CHECK(!pool.comes_to_rest());
  CancelThreadpoolIo(pool.io());
  CHECK(pool.comes_to_rest());
  CHECK(pool.callbacks() == 0);
  CloseThreadpoolIo(pool.io());
}

// Two reads on one file with `announcements` calls of StartThreadpoolIo(). The exit code of this
// process is the result; the process may crash.
[[noreturn]] void run_two_reads(int announcements) {
  PipePair pipe;
  RawPool pool(pipe.near_handle());
  std::array<char, 2> bytes{};
  std::array<OVERLAPPED, 2> overlapped{};
  for (std::size_t i = 0; i < 2; ++i) {
    if (static_cast<int>(i) < announcements) StartThreadpoolIo(pool.io());
    ReadFile(pipe.near_handle(), &bytes[i], 1, nullptr, &overlapped[i]);
  }
  pipe.write("xy");
  for (int i = 0; i < 50 && pool.callbacks() < 2; ++i) Sleep(10);
  TerminateProcess(GetCurrentProcess(), pool.callbacks() == 2 ? 0 : 7);
  std::abort();
}

TEST_CASE("child: announced once each" * doctest::skip()) {
  run_two_reads(2);
}

TEST_CASE("child: announced once for both" * doctest::skip()) {
  run_two_reads(1);
}

// The exit code of this program when it runs one of the test cases above.
DWORD run_child(const std::wstring& test_case) {
  std::wstring program(32768, L'\0');
  program.resize(GetModuleFileNameW(nullptr, program.data(), 32768));
  std::wstring line = L"\"" + program + L"\" --no-skip \"--test-case=" + test_case + L"\"";
  STARTUPINFOW startup{};
  startup.cb = sizeof(startup);
  PROCESS_INFORMATION child{};
  AIOBENCH_CHECK(CreateProcessW(program.c_str(), line.data(), nullptr, nullptr, FALSE, 0, nullptr,
                                nullptr, &startup, &child) != 0);
  const Handle process(child.hProcess);
  const Handle thread(child.hThread);
  if (WaitForSingleObject(process.get(), 10'000) != WAIT_OBJECT_0) {
    TerminateProcess(process.get(), 8);
    WaitForSingleObject(process.get(), INFINITE);
  }
  DWORD code = 0;
  GetExitCodeProcess(process.get(), &code);
  return code;
}

TEST_CASE("one StartThreadpoolIo() for two requests loses the second, or crashes") {
  const Deadline deadline;
  CHECK(run_child(L"child: announced once each") == 0);
  CHECK(run_child(L"child: announced once for both") != 0);
}

}  // namespace
}  // namespace aiobench::engine
