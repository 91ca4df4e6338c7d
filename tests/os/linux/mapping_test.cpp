// Proves that a file that shrinks under a mapping does not end the program: the lost part reads as
// zeros, the loss is noted before anything reads them, other mappings are unchanged, and a SIGBUS
// outside a mapping still ends the program.
#include "os/memory.h"

#include <doctest/doctest.h>
#include <fcntl.h>
#include <signal.h>
#include <sys/mman.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <thread>
#include <vector>

#include "base/units.h"
#include "os/mapping_fixture.h"
#include "os/system_error.h"
#include "support/temp_file.h"

namespace aiobench::os {
namespace {

using test::random_bytes;
using test::TempFile;

bool zeros(const std::byte* begin, const std::byte* end) {
  return std::all_of(begin, end, [](std::byte byte) { return byte == std::byte{0}; });
}

TEST_CASE("what a shrunk file has lost reads as zeros, and the loss is noted") {
  const std::size_t page = page_bytes();
  const std::vector<std::byte> content = random_bytes(40 * page + 5, 1);
  const TempFile file(content);
  const Mapping mapping = must_map(file.path());
  file.resize(10 * page);
  CHECK_FALSE(mapping.lost_from().has_value());  // not read yet
  CHECK(mapping.data()[25 * page + 3] == std::byte{0});
  CHECK(mapping.lost_from() == 25 * page);
  CHECK(zeros(mapping.data() + 25 * page, mapping.data() + mapping.size()));
  CHECK(mapping.data()[12 * page] == std::byte{0});
  CHECK(mapping.lost_from() == 12 * page);
  CHECK(zeros(mapping.data() + 10 * page, mapping.data() + mapping.size()));
  CHECK(mapping.lost_from() == 10 * page);
  CHECK(std::equal(mapping.data(), mapping.data() + 10 * page, content.begin()));
}

TEST_CASE("pages beyond the end of a shrunk file cannot be populated, those before it can") {
  const std::size_t page = page_bytes();
  const TempFile file(random_bytes(40 * page, 2));
  const Mapping mapping = must_map(file.path());
  file.resize(10 * page + 100);  // within a page: the whole page is still there
  CHECK(mapping.populate(0, 11 * page) == 0);
  CHECK(mapping.populate(0, 11 * page + 1) == device_failure_code());
  CHECK(mapping.populate(30 * page, 1) == device_failure_code());
  CHECK_FALSE(mapping.lost_from().has_value());
  CHECK(mapping.data()[39 * page] == std::byte{0});
  CHECK(mapping.populate(38 * page, page) == device_failure_code());
  CHECK(mapping.populate(38 * page, page + 1) == device_failure_code());
  CHECK(mapping.populate(0, 11 * page) == 0);
}

TEST_CASE("a lost part does not come back when the file grows again") {
  const std::size_t page = page_bytes();
  const TempFile file(random_bytes(8 * page, 3));
  const Mapping mapping = must_map(file.path());
  file.resize(0);
  CHECK(mapping.data()[2 * page] == std::byte{0});
  file.write(0, random_bytes(8 * page, 3));
  CHECK(mapping.lost_from() == 2 * page);
  CHECK(mapping.populate(2 * page, 1) == device_failure_code());
  CHECK(mapping.populate(0, 2 * page) == 0);
}

TEST_CASE("a loss in one mapping affects neither another nor a later one") {
  const std::vector<std::byte> content = random_bytes(100'000, 4);
  const TempFile shrinking(content);
  const TempFile whole(content);
  const Mapping other = must_map(whole.path());
  {
    const Mapping mapping = must_map(shrinking.path());
    shrinking.resize(0);
    CHECK(zeros(mapping.data(), mapping.data() + mapping.size()));
    CHECK(mapping.lost_from() == 0);
  }
  const Mapping next = must_map(whole.path());
  for (const Mapping* mapping : {&other, &next}) {
    CHECK_FALSE(mapping->lost_from().has_value());
    CHECK(std::equal(content.begin(), content.end(), mapping->data()));
  }
}

TEST_CASE("threads that read while the file shrinks see the file or a noted loss") {
  const std::size_t page = page_bytes();
  for (unsigned round = 0; round < 50; ++round) {
    const std::vector<std::byte> content = random_bytes(64 * page, round);
    const TempFile file(content);
    const Mapping mapping = must_map(file.path());
    bool right[2] = {true, true};
    const auto read = [&](unsigned reader) {
      for (std::size_t at = 0; at < content.size() && right[reader]; at += page) {
        const bool same = std::equal(mapping.data() + at, mapping.data() + at + page,
                                     content.begin() + static_cast<std::ptrdiff_t>(at));
        right[reader] = same || mapping.lost_from().value_or(content.size()) <= at;
      }
    };
    std::thread first(read, 0);
    std::thread second(read, 1);
    file.resize(round % 64 * page);
    first.join();
    second.join();
    CHECK(right[0]);
    CHECK(right[1]);
  }
}

// Runs `fatal` in a child without output and core dump; returns how the child ended.
template <class Fatal>
int status_of_child(const Fatal& fatal) {
  const pid_t child = ::fork();
  if (child == 0) {
    const rlimit none{0, 0};
    ::setrlimit(RLIMIT_CORE, &none);
    if (::dup2(::open("/dev/null", O_WRONLY), STDERR_FILENO) < 0) ::_exit(0);
    fatal();
    ::_exit(0);
  }
  int status = 0;
  REQUIRE(::waitpid(child, &status, 0) == child);
  return status;
}

TEST_CASE("a SIGBUS outside every mapping ends the program") {
  const TempFile file(random_bytes(100'000, 5));
  const Mapping mapping = must_map(file.path());
  const auto fault = [&] {
    const int fd = ::open(file.path().c_str(), O_RDWR);
    void* const data = ::mmap(nullptr, 100'000, PROT_READ, MAP_SHARED, fd, 0);
    if (data == MAP_FAILED || ::ftruncate(fd, 0) != 0) return;
    static_cast<void>(*static_cast<volatile char*>(data));
  };
  // A sanitizer has its own handler, and ends the child with an exit code.
  const auto ended_by_it = [](int status) {
    return WIFSIGNALED(status) ? WTERMSIG(status) == SIGBUS : WEXITSTATUS(status) != 0;
  };
  CHECK(ended_by_it(status_of_child(fault)));
  CHECK(ended_by_it(status_of_child([] { ::kill(::getpid(), SIGBUS); })));
}

}  // namespace
}  // namespace aiobench::os
