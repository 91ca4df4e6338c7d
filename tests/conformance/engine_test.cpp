// Proves that every engine fulfils the contract of engine/engine.h: it transfers the right bytes,
// reports the end of the file and errors, delivers each request exactly once, loses no wake, and
// has nothing in flight at the end. One suite, run for every engine.
#include <doctest/doctest.h>

#include <algorithm>
#include <atomic>
#include <chrono>
#include <future>
#include <thread>

#include "base/units.h"
#include "os/memory.h"
#include "os/system_error.h"
#include "support/engine_rig.h"
#include "support/temp_file.h"

namespace aiobench::test {
namespace {

using engine::Operation;

// Runs `body(spec)` for every engine that can be used here.
template <class Body>
void for_each_engine(const Body& body) {
  for (const std::string& spec : usable_engines()) {
    CAPTURE(spec);
    body(spec);
  }
}

TEST_CASE("a read transfers the bytes at its offset") {
  const std::vector<std::byte> content = random_bytes(100'000, 1);
  const TempFile file(content);
  for_each_engine([&](const std::string& spec) {
    EngineRig rig(spec, 4, 65536);
    const engine::AttachedFile& attached = rig.open(file.path(), os::Access::read);
    CHECK(attached.bytes == content.size());
    rig.enter();
    for (const std::uint64_t offset : {0u, 1u, 4095u, 4096u, 50'001u}) {
      rig.submit(1, attached, Operation::read, offset, 12'345);
      rig.await(1);
      const engine::Request& done = rig.request(1);
      CHECK(done.error == 0);
      REQUIRE(done.transferred == 12'345);
      if (!moves_data(spec)) continue;
      CHECK(std::equal(done.data, done.data + done.transferred,
                       content.begin() + static_cast<std::ptrdiff_t>(offset)));
    }
    CHECK(rig.engine().in_flight() == 0);
  });
}

TEST_CASE("a write transfers the bytes to its offset, and reads of the same file see them") {
  for_each_engine([&](const std::string& spec) {
    if (!moves_data(spec)) return;
    if (maps_files(spec)) {
      MESSAGE("skipped: " << spec << " only reads");
      return;
    }
    const TempFile file(std::vector<std::byte>(40'000));
    const std::vector<std::byte> block = random_bytes(10'000, 7);
    EngineRig rig(spec, 2, 16384);
    const engine::AttachedFile& attached = rig.open(file.path(), os::Access::read_write);
    rig.enter();
    std::copy(block.begin(), block.end(), rig.buffer(0));
    rig.submit(0, attached, Operation::write, 20'001, 10'000);
    rig.await(1);
    CHECK(rig.request(0).error == 0);
    REQUIRE(rig.request(0).transferred == 10'000);
    rig.submit(1, attached, Operation::read, 20'000, 10'002);
    rig.await(1);
    REQUIRE(rig.request(1).transferred == 10'002);
    CHECK(rig.buffer(1)[0] == std::byte{0});
    CHECK(std::equal(block.begin(), block.end(), rig.buffer(1) + 1));
    CHECK(rig.buffer(1)[10'001] == std::byte{0});
  });
}

TEST_CASE("reads and writes on both sides of 2 GiB and 4 GiB use their offsets") {
  const std::vector<std::byte> block = random_bytes(10'000, 11);
  const std::uint64_t offsets[] = {2 * kGiB - 5'000, 2 * kGiB + 20'000, 4 * kGiB - 5'000,
                                   4 * kGiB + 20'000};
  for_each_engine([&](const std::string& spec) {
    if (!moves_data(spec)) return;
    const bool reads_only = maps_files(spec);
    const TempFile file = TempFile::sparse(4 * kGiB + 65536);
    for (const std::uint64_t offset : offsets) {
      if (reads_only) file.write(offset, block);
    }
    EngineRig rig(spec, 2, 16384);
    const engine::AttachedFile& attached =
        rig.open(file.path(), reads_only ? os::Access::read : os::Access::read_write);
    rig.enter();
    std::copy(block.begin(), block.end(), rig.buffer(0));
    for (const std::uint64_t offset : offsets) {
      if (reads_only) continue;
      rig.submit(0, attached, Operation::write, offset, 10'000);
      rig.await(1);
      REQUIRE(rig.request(0).transferred == 10'000);
    }
    for (const std::uint64_t offset : offsets) {
      CAPTURE(offset);
      rig.submit(1, attached, Operation::read, offset - 1, 10'002);
      rig.await(1);
      const engine::Request& done = rig.request(1);
      REQUIRE(done.transferred == 10'002);
      CHECK(done.data[0] == std::byte{0});
      CHECK(std::equal(block.begin(), block.end(), done.data + 1));
      CHECK(done.data[10'001] == std::byte{0});
    }
    // The offsets without their high bits.
    for (const std::uint64_t offset : {0u, 16384u, 32768u}) {
      rig.submit(1, attached, Operation::read, offset, 16384);
      rig.await(1);
      const engine::Request& done = rig.request(1);
      REQUIRE(done.transferred == 16384);
      CHECK(std::count(done.data, done.data + 16384, std::byte{0}) == 16384);
    }
  });
}

TEST_CASE(
    "a read at the end of the file is short, one beyond it is empty, and neither is an error") {
  const TempFile file(random_bytes(5'000, 2));
  for_each_engine([&](const std::string& spec) {
    EngineRig rig(spec, 1, 4096);
    const engine::AttachedFile& attached = rig.open(file.path(), os::Access::read);
    rig.enter();
    const auto transferred_at = [&](std::uint64_t offset) {
      rig.submit(0, attached, Operation::read, offset, 4096);
      rig.await(1);
      CHECK(rig.request(0).error == 0);
      return rig.request(0).transferred;
    };
    CHECK(transferred_at(904) == 4096);
    CHECK(transferred_at(905) == 4095);
    CHECK(transferred_at(4999) == 1);
    CHECK(transferred_at(5000) == 0);
    CHECK(transferred_at(1'000'000) == 0);
  });
}

TEST_CASE("the data of a read is in the request's buffer, or in a mapping of the file") {
  const TempFile file(random_bytes(5'000, 10));
  for_each_engine([&](const std::string& spec) {
    EngineRig rig(spec, 2, 4096);
    const engine::AttachedFile& attached = rig.open(file.path(), os::Access::read);
    rig.enter();
    for (const unsigned i : {0u, 1u}) {
      rig.submit(i, attached, Operation::read, 1'000 + i, 4096);
      rig.await(1);
      const engine::Request& done = rig.request(i);
      REQUIRE(done.transferred > 0);
      CHECK((done.mapping != nullptr) == maps_files(spec));
      CHECK((done.data == rig.buffer(i)) == !maps_files(spec));
      if (done.mapping != nullptr) CHECK_FALSE(done.mapping->lost_from().has_value());
    }
  });
}

TEST_CASE("a request that the system refuses is delivered with its error") {
  const TempFile file(random_bytes(5'000, 3));
  for_each_engine([&](const std::string& spec) {
    if (!moves_data(spec)) return;
    EngineRig rig(spec, 1, 4096);
    const engine::AttachedFile& attached = rig.open(file.path(), os::Access::read);
    rig.enter();
    rig.submit(0, attached, Operation::write, 0, 4096);  // on a read-only handle
    rig.await(1);
    CHECK(rig.request(0).error != 0);
    CHECK(rig.request(0).transferred == 0);
    // The engine continues normally.
    rig.submit(0, attached, Operation::read, 0, 4096);
    rig.await(1);
    CHECK(rig.request(0).error == 0);
    CHECK(rig.engine().in_flight() == 0);
  });
}

TEST_CASE("many requests in flight are each delivered exactly once, with the right bytes") {
  const std::vector<std::byte> content = random_bytes(1 << 20, 4);
  const TempFile file(content);
  for (const unsigned depth : {1u, 2u, 63u, 64u, 65u, 256u, 1000u}) {
    CAPTURE(depth);
    for_each_engine([&](const std::string& spec) {
      EngineRig rig(spec, depth, 1024);
      const engine::AttachedFile& attached = rig.open(file.path(), os::Access::read);
      rig.enter();
      for (unsigned round = 0; round < 3; ++round) {
        for (unsigned i = 0; i < depth; ++i) {
          rig.submit(i, attached, Operation::read, (i * 1024 + round) % (content.size() - 1024),
                     1024);
        }
        rig.await(depth);
        for (unsigned i = 0; i < depth && moves_data(spec); ++i) {
          const auto from = static_cast<std::ptrdiff_t>(rig.request(i).offset);
          CHECK(
              std::equal(rig.request(i).data, rig.request(i).data + 1024, content.begin() + from));
        }
      }
      CHECK_FALSE(rig.delivered_twice());
      CHECK(rig.engine().in_flight() == 0);
    });
  }
}

// Fills the depth and sleeps once, as a run of its own: first enter(), last leave().
void run_once(EngineRig& rig, const engine::AttachedFile& file, unsigned depth,
              std::uint64_t first_offset) {
  rig.enter();
  for (unsigned i = 0; i < depth; ++i) {
    rig.submit(i, file, Operation::read, first_offset + i * 512ull, 512);
  }
  rig.await(depth);
  if (!rig.engine().has_own_threads()) {
    engine::RequestQueue done;
    rig.engine().wake(0);
    rig.engine().reap(0, engine::Wait::yes, done);
    CHECK(done.empty());
  }
  rig.leave();
}

TEST_CASE("an engine serves several runs, each in a thread of its own") {
  const std::vector<std::byte> content = random_bytes(131 * 512, 11);
  const TempFile file(content);
  for (const unsigned depth : {1u, 63u, 64u, 130u}) {
    CAPTURE(depth);
    for_each_engine([&](const std::string& spec) {
      EngineRig rig(spec, depth, 512);
      const engine::AttachedFile& attached = rig.open(file.path(), os::Access::read);
      for (unsigned run = 0; run < 3; ++run) {
        std::async(std::launch::async, [&] { run_once(rig, attached, depth, run); }).get();
        CHECK(rig.engine().in_flight() == 0);
        for (unsigned i = 0; i < depth; ++i) {
          const engine::Request& done = rig.request(i);
          CHECK(done.error == 0);
          REQUIRE(done.transferred == 512);
          const auto from = static_cast<std::ptrdiff_t>(done.offset);
          if (moves_data(spec))
            CHECK(std::equal(done.data, done.data + 512, content.begin() + from));
        }
      }
      CHECK_FALSE(rig.delivered_twice());
    });
  }
}

TEST_CASE("two files on one engine do not mix") {
  const std::vector<std::byte> first = random_bytes(8192, 5);
  const std::vector<std::byte> second = random_bytes(8192, 6);
  const TempFile one(first);
  const TempFile two(second);
  for_each_engine([&](const std::string& spec) {
    if (!moves_data(spec)) return;
    EngineRig rig(spec, 2, 8192);
    const engine::AttachedFile& a = rig.open(one.path(), os::Access::read);
    const engine::AttachedFile& b = rig.open(two.path(), os::Access::read);
    rig.enter();
    rig.submit(0, a, Operation::read, 0, 8192);
    rig.submit(1, b, Operation::read, 0, 8192);
    rig.await(2);
    CHECK(std::equal(first.begin(), first.end(), rig.request(0).data));
    CHECK(std::equal(second.begin(), second.end(), rig.request(1).data));
  });
}

TEST_CASE("a wake before or during a sleep in reap ends it") {
  const TempFile file(random_bytes(512, 8));
  for_each_engine([&](const std::string& spec) {
    EngineRig rig(spec, 1, 512);
    if (rig.engine().has_own_threads()) return;  // its workers do not sleep in reap()
    rig.open(file.path(), os::Access::read);
    rig.enter();
    engine::RequestQueue done;
    rig.engine().wake(0);
    rig.engine().reap(0, engine::Wait::yes, done);
    std::atomic<bool> sent = false;
    std::thread waker([&] {
      std::this_thread::sleep_for(std::chrono::milliseconds(20));
      sent = true;
      rig.engine().wake(0);
    });
    rig.engine().reap(0, engine::Wait::yes, done);
    CHECK(sent);
    waker.join();
    CHECK(done.empty());
  });
}

TEST_CASE("after cancel every request is delivered, completed or cancelled") {
  const TempFile file(random_bytes(1 << 20, 9));
  for_each_engine([&](const std::string& spec) {
    EngineRig rig(spec, 128, 8192);
    const engine::AttachedFile& attached = rig.open(file.path(), os::Access::read);
    rig.enter();
    for (unsigned i = 0; i < 128; ++i) {
      rig.submit(i, attached, Operation::read, i * 8192ull, 8192);
    }
    rig.engine().cancel();
    rig.await(128);
    for (unsigned i = 0; i < 128; ++i) {
      const engine::Request& r = rig.request(i);
      CHECK((r.error == 0 || os::is_cancelled(r.error)));
      CHECK((r.error != 0 || r.transferred == 8192));
    }
    CHECK(rig.engine().in_flight() == 0);
  });
}

}  // namespace
}  // namespace aiobench::test
