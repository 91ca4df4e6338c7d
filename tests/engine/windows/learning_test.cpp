// Proves the answers to the first seven of the course's checks on learning, on bare handles: what
// each engine of Windows relies on. docs/checks-on-learning.md has the questions in the same order.
// Pipes are used where a request must really be in flight; under Wine no read of a file is.
#include <windows.h>

#include <doctest/doctest.h>

#include <string>
#include <thread>
#include <utility>
#include <vector>

#include "os/windows/native.h"
#include "support/temp_file.h"
#include "tests/engine/windows/manual_request.h"
#include "tests/engine/windows/pipe_pair.h"
#include "tests/engine/windows/pipe_rig.h"

namespace aiobench::engine {
namespace {

constexpr DWORD kSoonMs = 50;  // long enough to conclude that nothing comes
// Values of OVERLAPPED::Internal, from ntstatus.h.
constexpr ULONG_PTR kStatusPending = 0x103;
constexpr ULONG_PTR kStatusCancelled = 0xC0000120;

Handle open_file(const std::string& path) {
  Handle file(CreateFileW(os::system_path(path).c_str(), GENERIC_READ | GENERIC_WRITE,
                          FILE_SHARE_READ | FILE_SHARE_WRITE, nullptr, OPEN_EXISTING,
                          FILE_FLAG_OVERLAPPED, nullptr));
  REQUIRE(file.get() != INVALID_HANDLE_VALUE);
  return file;
}

Handle manual_event() {
  return Handle(CreateEventW(nullptr, TRUE, FALSE, nullptr));
}

// Waits for a request that was started, and returns the bytes that it read as text.
std::string result_of(HANDLE file, ManualRequest& request) {
  DWORD bytes = 0;
  REQUIRE(GetOverlappedResult(file, &request, &bytes, TRUE));
  return {request.data.data(), bytes};
}

// A read that is in flight, because nothing has been written into its pipe yet.
struct PendingRead {
  explicit PendingRead(Handle when_done = manual_event()) : event(std::move(when_done)) {
    request.hEvent = event.get();
    REQUIRE(begin_read(pipe.near_handle(), request, 4) == ERROR_IO_PENDING);
  }
  std::string result() { return result_of(pipe.near_handle(), request); }

  PipePair pipe;
  ManualRequest request;
  Handle event;
};

TEST_CASE("1: an overlapped handle keeps no file pointer: each request carries its own offset") {
  const Deadline deadline;
  const test::TempFile data(test::random_bytes(4096, 1));
  const Handle file = open_file(data.path());
  const auto read = [&](FileOffset offset) {
    ManualRequest request(offset);
    const Handle event = manual_event();
    request.hEvent = event.get();
    const DWORD code = begin_read(file.get(), request, 8);
    REQUIRE((code == ERROR_SUCCESS || code == ERROR_IO_PENDING));
    return result_of(file.get(), request);
  };
  const std::string first = read(0);
  CHECK(read(8) != first);
  CHECK(read(0) == first);  // independent of the two before
  CHECK(read(0) == first);
}

TEST_CASE("1: a place beyond 4 GiB needs OffsetHigh") {
  const Deadline deadline;
  constexpr FileOffset kFar = (FileOffset{1} << 32) + 4096;
  test::TempFile data = test::TempFile::sparse(kFar + 8);
  const std::vector<std::byte> mark(8, std::byte{'x'});
  data.write(kFar, mark);
  const Handle file = open_file(data.path());
  const Handle event = manual_event();
  for (const FileOffset offset : {kFar, kFar & 0xffff'ffffu}) {
    ManualRequest request(offset);
    request.hEvent = event.get();
    begin_read(file.get(), request, 8);
    CHECK(result_of(file.get(), request) == std::string(8, offset == kFar ? 'x' : '\0'));
  }
}

TEST_CASE(
    "2: a started request returns FALSE with ERROR_IO_PENDING, or TRUE if it is done already") {
  const Deadline deadline;
  PipePair pipe;
  const Handle port(CreateIoCompletionPort(pipe.near_handle(), nullptr, 7, 0));
  REQUIRE(port);
  ManualRequest late;
  CHECK(begin_read(pipe.near_handle(), late, 4) == ERROR_IO_PENDING);
  pipe.write("late");
  ManualRequest early;
  pipe.write("here");
  const auto packet = [&] {
    DWORD bytes = 0;
    ULONG_PTR key = 0;
    OVERLAPPED* which = nullptr;
    GetQueuedCompletionStatus(port.get(), &bytes, &key, &which, kAtMostMs);
    return which;
  };
  CHECK(packet() == &late);
  CHECK(begin_read(pipe.near_handle(), early, 4) == ERROR_SUCCESS);
  // The port gets a packet nevertheless, without skip-on-success mode.
  CHECK(packet() == &early);
  CHECK(std::string(early.data.data(), 4) == "here");
}

// Completion routines have no context but the OVERLAPPED.
struct Routine : ManualRequest {
  DWORD thread = 0;
  DWORD code = ~0u;
  static void CALLBACK done(DWORD code, DWORD, OVERLAPPED* which) {
    auto& self = static_cast<Routine&>(static_cast<ManualRequest&>(*which));
    self.thread = GetCurrentThreadId();
    self.code = code;
  }
};

TEST_CASE("3: ReadFileEx and WriteFileEx return non-zero for a started request, on pipe and file") {
  const Deadline deadline;
  PipePair pipe;
  Routine from_pipe;
  Routine to_pipe;
  CHECK(ReadFileEx(pipe.near_handle(), from_pipe.data.data(), 4, &from_pipe, Routine::done));
  CHECK(WriteFileEx(pipe.near_handle(), to_pipe.data.data(), 4, &to_pipe, Routine::done));
  pipe.write("text");
  const test::TempFile data(test::random_bytes(64, 2));
  const Handle file = open_file(data.path());
  Routine from_file;
  CHECK(ReadFileEx(file.get(), from_file.data.data(), 8, &from_file, Routine::done));
  for (const Routine* each : {&from_pipe, &to_pipe, &from_file}) {
    while (each->thread == 0) SleepEx(kAtMostMs, TRUE);
    CHECK(each->code == ERROR_SUCCESS);
  }
  // Zero and a code if the request could not be started.
  Routine refused;
  CHECK_FALSE(ReadFileEx(nullptr, refused.data.data(), 8, &refused, Routine::done));
  CHECK(GetLastError() == ERROR_INVALID_HANDLE);
}

TEST_CASE("4: the OVERLAPPED is the system's until the request is delivered, cancelled or not") {
  const Deadline deadline;
  PendingRead read;
  CHECK(read.request.Internal == kStatusPending);
  REQUIRE(CancelIoEx(read.pipe.near_handle(), &read.request));
  // Only now may its memory be freed: the system wrote into it after the cancellation was
  // requested.
  REQUIRE(WaitForSingleObject(read.event.get(), kAtMostMs) == WAIT_OBJECT_0);
  CHECK(read.request.Internal == kStatusCancelled);
  DWORD bytes = 0;
  CHECK_FALSE(GetOverlappedResult(read.pipe.near_handle(), &read.request, &bytes, FALSE));
  CHECK(GetLastError() == ERROR_OPERATION_ABORTED);
}

TEST_CASE(
    "5: hEvent is a manual-reset event: an auto-reset one is used up by whoever waits first") {
  const Deadline deadline;
  for (const BOOL manual : {TRUE, FALSE}) {
    CAPTURE(manual);
    PendingRead read(Handle(CreateEventW(nullptr, manual, FALSE, nullptr)));
    read.pipe.write("text");
    CHECK(WaitForSingleObject(read.event.get(), kAtMostMs) == WAIT_OBJECT_0);
    // A second waiter, such as GetOverlappedResult() with TRUE, waits forever.
    CHECK(WaitForSingleObject(read.event.get(), kSoonMs) ==
          static_cast<DWORD>(manual ? WAIT_OBJECT_0 : WAIT_TIMEOUT));
  }
}

TEST_CASE("6: another thread may wait for a request") {
  const Deadline deadline;
  PendingRead read;
  std::string seen;
  std::thread other([&] { seen = read.result(); });
  read.pipe.write("text");
  other.join();
  CHECK(seen == "text");
}

constexpr const wchar_t* kSharedEvent = L"aiobench-learning-event";

TEST_CASE("child: waits for the event of another process's request" * doctest::skip()) {
  const Handle event(OpenEventW(SYNCHRONIZE, FALSE, kSharedEvent));
  const Handle ready(OpenEventW(EVENT_MODIFY_STATE, FALSE, L"aiobench-learning-ready"));
  REQUIRE(event);
  REQUIRE(ready);
  CHECK(WaitForSingleObject(event.get(), 0) == static_cast<DWORD>(WAIT_TIMEOUT));
  SetEvent(ready.get());
  CHECK(WaitForSingleObject(event.get(), kAtMostMs) == WAIT_OBJECT_0);
}

TEST_CASE("6: another process may wait for a request's event, which it has by its name") {
  const Deadline deadline;
  PendingRead read(Handle(CreateEventW(nullptr, TRUE, FALSE, kSharedEvent)));
  const Handle ready(CreateEventW(nullptr, TRUE, FALSE, L"aiobench-learning-ready"));
  std::wstring program(MAX_PATH, L'\0');
  program.resize(GetModuleFileNameW(nullptr, program.data(), MAX_PATH));
  std::wstring command = L"\"" + program + L"\" --no-skip --test-case=\"child: waits for the*\"";
  STARTUPINFOW start{};
  start.cb = sizeof(start);
  PROCESS_INFORMATION process{};
  REQUIRE(CreateProcessW(nullptr, command.data(), nullptr, nullptr, FALSE, 0, nullptr, nullptr,
                         &start, &process));
  const Handle child(process.hProcess);
  const Handle thread(process.hThread);
  CHECK(WaitForSingleObject(ready.get(), kAtMostMs) == WAIT_OBJECT_0);
  read.pipe.write("text");
  CHECK(WaitForSingleObject(child.get(), kAtMostMs) == WAIT_OBJECT_0);
  DWORD code = ~0u;
  REQUIRE(GetExitCodeProcess(child.get(), &code));
  CHECK(code == 0);
  // The result is only in the memory of the process that started the request.
  CHECK(read.result() == "text");
}

TEST_CASE("7: a completion routine runs in the submitting thread, while it waits alertably") {
  const Deadline deadline;
  PipePair pipe;
  Routine routine;
  REQUIRE(ReadFileEx(pipe.near_handle(), routine.data.data(), 4, &routine, Routine::done));
  std::thread other([&] {
    pipe.write("text");
    SleepEx(kSoonMs, TRUE);  // alertable, but not the submitting thread
  });
  other.join();
  CHECK(routine.thread == 0);
  Sleep(kSoonMs);  // waits, but not alertably
  CHECK(routine.thread == 0);
  CHECK(SleepEx(kAtMostMs, TRUE) == static_cast<DWORD>(WAIT_IO_COMPLETION));
  CHECK(routine.thread == GetCurrentThreadId());
}

}  // namespace
}  // namespace aiobench::engine
