// Proves that an AtomicFile becomes visible only by commit(), that its temporary file is removed in
// every other case, and that several at once do not harm each other.
#include <doctest/doctest.h>

#include <atomic>
#include <optional>
#include <string>
#include <thread>
#include <utility>
#include <vector>

#include "os/atomic_file.h"
#include "os/directory.h"
#include "os/open_file.h"
#include "os/temp_directory.h"

namespace aiobench::os {
namespace {

using test::content_of;
using test::put_file;
using test::TempDirectory;
using Names = std::vector<std::string>;

AtomicFile must_begin(const std::string& path) {
  Result<AtomicFile> next = AtomicFile::begin(path);
  REQUIRE_MESSAGE(next, next.error().line());
  return next.take();
}

// As an engine that opens the temporary file itself.
void write_again(const std::string& path, const std::string& text) {
  write_text(must_open(path, {.access = Access::write}), text);
}

TEST_CASE("AtomicFile: the temporary file is beside the file until commit renames it") {
  const TempDirectory directory;
  put_file(directory.file("f"), "old");
  for (const bool durable : {false, true}) {
    AtomicFile next = must_begin(directory.file("f"));
    CHECK(next.temporary() == directory.file("f.aiobench-part"));
    CHECK(exists(next.temporary()));
    const std::string text = durable ? "durable" : "new";
    write_text(next.file(), text);
    CHECK(next.file().flush());
    CHECK(content_of(directory.file("f")) != text);
    const Status committed = next.commit(durable);
    REQUIRE_MESSAGE(committed, committed.error().line());
    CHECK(content_of(directory.file("f")) == text);
    CHECK(directory.names() == Names{"f"});
  }
}

TEST_CASE("AtomicFile: without commit the temporary file is removed") {
  const TempDirectory directory;
  put_file(directory.file("f"), "old");
  {
    AtomicFile next = must_begin(directory.file("f"));
    write_again(next.temporary(), "half");
  }
  CHECK(directory.names() == Names{"f"});
  CHECK(content_of(directory.file("f")) == "old");
}

TEST_CASE("AtomicFile: while one is being written a second is refused, and removes nothing") {
  const TempDirectory directory;
  put_file(directory.file("f"), "old");
  AtomicFile first = must_begin(directory.file("f"));
  write_text(first.file(), "new");
  for (int i = 0; i < 2; ++i) {
    const Result<AtomicFile> second = AtomicFile::begin(directory.file("f"));
    REQUIRE_FALSE(second);
    CHECK(second.error().path == directory.file("f"));
    CHECK(second.error().cause == "another program is writing this file");
  }
  CHECK_FALSE(can_write(directory.file("f")));
  REQUIRE(first.commit());
  CHECK(content_of(directory.file("f")) == "new");
  CHECK(can_write(directory.file("f")));
  CHECK(directory.names() == Names{"f"});
}

TEST_CASE("AtomicFile: of many at once, each that is not refused commits a whole file") {
  const TempDirectory directory;
  std::atomic<int> refused{0};
  std::atomic<int> committed{0};
  std::atomic<int> torn{0};
  const auto replace = [&](char letter) {
    for (int i = 0; i < 200; ++i) {
      Result<AtomicFile> next = AtomicFile::begin(directory.file("f"));
      if (!next) {
        ++refused;
        continue;
      }
      const std::string text(1000, letter);
      const auto* data = reinterpret_cast<const std::byte*>(text.data());
      for (std::uint32_t at = 0; at < 1000; at += 100) {
        if (next->file().write_at(data + at, 100, at).bytes != 100) ++torn;
      }
      // Windows refuses to replace a file that another handle has open.
      if (i % 3 != 0 && next->commit()) ++committed;
    }
  };
  {
    std::vector<std::thread> threads;
    for (const char letter : {'a', 'b', 'c'}) threads.emplace_back(replace, letter);
    for (std::thread& thread : threads) thread.join();
  }
  CHECK(torn == 0);
  CHECK(refused < 600);
  REQUIRE(committed > 0);
  const std::string text = content_of(directory.file("f"));
  CHECK(text == std::string(1000, text.at(0)));
  CHECK(directory.names() == Names{"f"});
}

TEST_CASE("AtomicFile: the leftover of a killed program is removed") {
  const TempDirectory directory;
  put_file(directory.file("f.aiobench-part"), "a longer text than the new one");
  AtomicFile next = must_begin(directory.file("f"));
  write_text(next.file(), "new");
  REQUIRE(next.commit());
  CHECK(content_of(directory.file("f")) == "new");
  CHECK(directory.names() == Names{"f"});
}

TEST_CASE("AtomicFile: a moved-from object removes nothing") {
  const TempDirectory directory;
  std::optional<AtomicFile> first = must_begin(directory.file("f"));
  AtomicFile second = std::move(*first);
  first.reset();
  CHECK(exists(second.temporary()));
  REQUIRE(second.commit());
  CHECK(directory.names() == Names{"f"});
}

TEST_CASE("AtomicFile: neither the committed file nor a later one of that name is removed") {
  const TempDirectory directory;
  {
    AtomicFile next = must_begin(directory.file("f"));
    REQUIRE(next.commit());
    put_file(next.temporary(), "somebody else's");
  }
  CHECK(directory.names() == Names{"f", "f.aiobench-part"});
}

TEST_CASE("AtomicFile: a failed commit leaves only the old version") {
  const TempDirectory directory;
  AtomicFile next = must_begin(directory.file("f"));
  REQUIRE(make_directories(join_path(directory.file("f"), "inner")));
  const Status committed = next.commit(true);
  REQUIRE_FALSE(committed);
  CHECK(committed.error().path == directory.file("f"));
  CHECK(directory.names() == Names{"f"});
}

TEST_CASE("flush_directory_of accepts a file in any directory, also the current one") {
  const TempDirectory directory;
  put_file(directory.file("f"), "text");
  CHECK(flush_directory_of(directory.file("f")));
  CHECK(flush_directory_of("a name without a directory"));
}

}  // namespace
}  // namespace aiobench::os
