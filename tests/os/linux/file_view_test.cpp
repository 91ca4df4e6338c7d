// Proves that a file that shrinks under a view ends no program: what is gone reads as zeros, the
// loss is noted before anybody reads them, other views are as they were, and a SIGBUS that is not
// about a view still ends the program.
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
#include "os/system_error.h"
#include "os/view_fixture.h"
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
  const FileView view = must_map(file.path());
  file.resize(10 * page);
  CHECK_FALSE(view.lost_from().has_value());  // nobody has read it yet
  CHECK(view.data()[25 * page + 3] == std::byte{0});
  CHECK(view.lost_from() == 25 * page);
  CHECK(zeros(view.data() + 25 * page, view.data() + view.size()));
  CHECK(view.data()[12 * page] == std::byte{0});
  CHECK(view.lost_from() == 12 * page);
  CHECK(zeros(view.data() + 10 * page, view.data() + view.size()));
  CHECK(view.lost_from() == 10 * page);
  CHECK(std::equal(view.data(), view.data() + 10 * page, content.begin()));
}

TEST_CASE("pages beyond the end of a shrunk file cannot be brought in, and those before can") {
  const std::size_t page = page_bytes();
  const TempFile file(random_bytes(40 * page, 2));
  const FileView view = must_map(file.path());
  file.resize(10 * page + 100);  // within a page: the whole page is still there
  CHECK(view.populate(0, 11 * page) == 0);
  CHECK(view.populate(0, 11 * page + 1) == device_failure_code());
  CHECK(view.populate(30 * page, 1) == device_failure_code());
  CHECK_FALSE(view.lost_from().has_value());
  CHECK(view.data()[39 * page] == std::byte{0});
  CHECK(view.populate(38 * page, page) == device_failure_code());
  CHECK(view.populate(38 * page, page + 1) == device_failure_code());
  CHECK(view.populate(0, 11 * page) == 0);
}

TEST_CASE("what was lost does not come back when the file is whole again") {
  const std::size_t page = page_bytes();
  const TempFile file(random_bytes(8 * page, 3));
  const FileView view = must_map(file.path());
  file.resize(0);
  CHECK(view.data()[2 * page] == std::byte{0});
  file.write(0, random_bytes(8 * page, 3));
  CHECK(view.lost_from() == 2 * page);
  CHECK(view.populate(2 * page, 1) == device_failure_code());
  CHECK(view.populate(0, 2 * page) == 0);
}

TEST_CASE("a loss in one view is none in another, nor in the next one") {
  const std::vector<std::byte> content = random_bytes(100'000, 4);
  const TempFile shrinking(content);
  const TempFile whole(content);
  const FileView other = must_map(whole.path());
  {
    const FileView view = must_map(shrinking.path());
    shrinking.resize(0);
    CHECK(zeros(view.data(), view.data() + view.size()));
    CHECK(view.lost_from() == 0);
  }
  const FileView next = must_map(whole.path());
  for (const FileView* view : {&other, &next}) {
    CHECK_FALSE(view->lost_from().has_value());
    CHECK(std::equal(content.begin(), content.end(), view->data()));
  }
}

TEST_CASE("threads that read while the file shrinks see the file, or a loss") {
  const std::size_t page = page_bytes();
  for (unsigned round = 0; round < 50; ++round) {
    const std::vector<std::byte> content = random_bytes(64 * page, round);
    const TempFile file(content);
    const FileView view = must_map(file.path());
    bool right[2] = {true, true};
    const auto read = [&](unsigned reader) {
      for (std::size_t at = 0; at < content.size() && right[reader]; at += page) {
        const bool same = std::equal(view.data() + at, view.data() + at + page,
                                     content.begin() + static_cast<std::ptrdiff_t>(at));
        right[reader] = same || view.lost_from().value_or(content.size()) <= at;
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

// How a child ends that does `fatal`; its words and its core are not wanted.
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

TEST_CASE("a SIGBUS that is not about a view ends the program, as ever") {
  const TempFile file(random_bytes(100'000, 5));
  const FileView view = must_map(file.path());
  const auto fault = [&] {
    const int fd = ::open(file.path().c_str(), O_RDWR);
    void* const data = ::mmap(nullptr, 100'000, PROT_READ, MAP_SHARED, fd, 0);
    if (data == MAP_FAILED || ::ftruncate(fd, 0) != 0) return;
    static_cast<void>(*static_cast<volatile char*>(data));
  };
  // A sanitizer has a handler of its own, and ends the child with an exit code.
  const auto ended_by_it = [](int status) {
    return WIFSIGNALED(status) ? WTERMSIG(status) == SIGBUS : WEXITSTATUS(status) != 0;
  };
  CHECK(ended_by_it(status_of_child(fault)));
  CHECK(ended_by_it(status_of_child([] { ::kill(::getpid(), SIGBUS); })));
}

}  // namespace
}  // namespace aiobench::os
