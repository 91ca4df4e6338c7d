// Proves that `sync` on Windows finishes a request inside the call; that each worker has its own
// handle to a file that the engine opened (requests on one handle would wait for each other); that
// all these handles are the same file even if its name now leads to another; and that cancel() ends
// a blocked call.
#include <doctest/doctest.h>

#include <atomic>

#include "os/atomic_file.h"
#include "os/directory.h"
#include "os/system_error.h"
#include "support/temp_file.h"
#include "tests/engine/windows/pipe_pair.h"
#include "tests/engine/windows/pipe_rig.h"

namespace aiobench::engine {
namespace {

TEST_CASE("sync finishes or fails inside the call") {
  const Deadline deadline;
  PipePair pipe(PipePair::Kind::synchronous);
  Rig rig("sync");
  const AttachedFile* const file = rig.attach(pipe.near_end());
  rig.enter();
  Block read(file, Operation::read, 64);
  pipe.write("waiting");
  CHECK(rig.submit(read) == Outcome::finished);
  CHECK(read.text() == "waiting");
  Block write(file, Operation::write, 5);
  std::memcpy(write.data.data(), "hello", 5);
  CHECK(rig.submit(write) == Outcome::finished);
  CHECK(pipe.read(5) == "hello");
  pipe.close_far_end();
  CHECK(rig.submit(read) == Outcome::failed);
  CHECK(read.error == ERROR_BROKEN_PIPE);
  CHECK(rig.engine().in_flight() == 0);
}

TEST_CASE("sync: cancel ends a call that is blocked") {
  const Deadline deadline;
  PipePair pipe(PipePair::Kind::synchronous);
  Rig rig("sync");
  Block read(rig.attach(pipe.near_end()), Operation::read, 64);
  rig.enter();
  std::atomic<bool> over{false};
  std::thread other([&] {
    while (!over.load()) {  // repeatedly, because the call may not have begun
      Sleep(20);
      rig.engine().cancel();
    }
  });
  CHECK(rig.submit(read) == Outcome::failed);
  over.store(true);
  other.join();
  CHECK(os::is_cancelled(read.error));
}

TEST_CASE("sync: each worker's handle is the opened file, even if its name leads to another") {
  constexpr unsigned kWorkers = 3;
  const Deadline deadline;
  const std::vector<std::byte> content = test::random_bytes(64, 1);
  const test::TempFile file(content);
  const std::unique_ptr<Engine> engine = make("sync", config_of(4, 64, kWorkers));
  Result<const AttachedFile*> attached = engine->open(file.path(), {});
  REQUIRE(attached);
  const std::string moved = file.path() + ".moved";
  REQUIRE(os::rename_file(file.path(), moved));
  REQUIRE(os::write_file(file.path(), "another file by the same name"));
  for (unsigned i = 0; i < kWorkers; ++i) {
    REQUIRE(engine->enter(i));
    Block read(*attached, Operation::read, 64);
    CHECK(engine->submit(i, read) == Outcome::finished);
    REQUIRE(read.transferred == 64);
    CHECK(std::memcmp(read.data.data(), content.data(), 64) == 0);
    engine->leave(i);
  }
  CHECK(os::remove_file(moved));
}

// The file pointer of the attached file's handle. A transfer on a synchronous handle moves it,
// although nothing uses it.
LONGLONG file_pointer(const AttachedFile& file) {
  LARGE_INTEGER nowhere{};
  LARGE_INTEGER at{};
  const auto handle = reinterpret_cast<HANDLE>(file.file.handle());
  REQUIRE(SetFilePointerEx(handle, nowhere, &at, FILE_CURRENT));
  return at.QuadPart;
}

TEST_CASE("sync: each worker has a handle of its own to a file that the engine opened") {
  const Deadline deadline;
  const test::TempFile file(test::random_bytes(64, 1));
  const std::unique_ptr<Engine> engine = make("sync", config_of(8, 64, 3));
  Result<const AttachedFile*> attached = engine->open(file.path(), {});
  REQUIRE(attached);
  for (const unsigned worker : {1u, 2u, 0u}) {
    REQUIRE(engine->enter(worker));
    Block read(*attached, Operation::read, 64);
    CHECK(engine->submit(worker, read) == Outcome::finished);
    CHECK(read.transferred == 64);
    CHECK(file_pointer(**attached) == (worker == 0 ? 64 : 0));
    engine->leave(worker);
  }
}

}  // namespace
}  // namespace aiobench::engine
