// Proves the effect of an interrupt before watch_interrupts(): it ends the process with one line
// and exit code 130, but only after a temporary file has been removed. From watch_interrupts() on,
// the event receives it.
#include "os/console.h"

#include <doctest/doctest.h>
#include <signal.h>
#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <chrono>
#include <string>
#include <thread>
#include <utility>

#include "os/atomic_file.h"
#include "tests/os/temp_directory.h"

namespace aiobench::os {
namespace {

using test::content_of;
using test::TempDirectory;

constexpr int kInterrupted = 130;
constexpr int kWentOn = 7;
const std::string kLine = "aiobench: error: interrupted: nothing was measured\n";

struct Ending {
  int code = -1;  // the exit code, or minus the signal that ended it
  std::string said;
};

// Runs `body` in a process; returns how it ended and what it wrote to stderr.
template <typename Body>
Ending run_process(const Body& body) {
  std::array<int, 2> ends{};
  REQUIRE(::pipe(ends.data()) == 0);
  const pid_t child = ::fork();
  REQUIRE(child >= 0);
  if (child == 0) {
    ::dup2(ends[1], STDERR_FILENO);
    ::close(ends[0]);
    ::close(ends[1]);
    end_on_interrupts();
    body();
    ::_exit(kWentOn);
  }
  ::close(ends[1]);
  Ending ending;
  std::array<char, 256> chunk{};
  for (ssize_t got = 0; (got = ::read(ends[0], chunk.data(), chunk.size())) > 0;) {
    ending.said.append(chunk.data(), static_cast<std::size_t>(got));
  }
  ::close(ends[0]);
  int status = 0;
  REQUIRE(::waitpid(child, &status, 0) == child);
  ending.code = WIFEXITED(status) ? WEXITSTATUS(status) : -WTERMSIG(status);
  return ending;
}

void say(const char* word) {
  static_cast<void>(!::write(STDERR_FILENO, word, 2));
}

TEST_CASE("an interrupt before watch_interrupts ends the process with one line") {
  for (const int number : {SIGINT, SIGTERM}) {
    const Ending ending = run_process([&] {
      ::raise(number);
      say("no");
    });
    CHECK(ending.code == kInterrupted);
    CHECK(ending.said == kLine);
  }
}

TEST_CASE("a temporary file is removed before the process ends") {
  const TempDirectory directory;
  const Ending ending = run_process([&] {
    Result<AtomicFile> next = AtomicFile::begin(directory.file("file"));
    ::raise(SIGINT);
    ::raise(SIGTERM);  // not a second interrupt: it follows immediately
    if (next) say("on");
    const AtomicFile moved = next.take();
  });
  CHECK(ending.code == kInterrupted);
  CHECK(ending.said == "on" + kLine);
  CHECK(directory.names().empty());
}

TEST_CASE("an interrupt while a file is written takes effect after the file is complete") {
  const TempDirectory directory;
  const std::string path = directory.file("file");
  const Ending ending = run_process([&] {
    const InterruptHold outer;
    ::raise(SIGINT);
    if (write_file(path, "text")) say("on");
  });
  CHECK(ending.code == kInterrupted);
  CHECK(ending.said == "on" + kLine);
  CHECK(content_of(path) == "text");
}

TEST_CASE("the end of the last hold ends the process, and a second interrupt does not wait") {
  Ending ending = run_process([] {
    {
      InterruptHold outer;
      const InterruptHold moved = std::move(outer);
      {
        const InterruptHold inner;
        ::raise(SIGINT);
      }
      say("on");
    }
    say("no");
  });
  CHECK(ending.code == kInterrupted);
  CHECK(ending.said == "on" + kLine);
  ending = run_process([] {
    const InterruptHold hold;
    ::raise(SIGINT);
    std::this_thread::sleep_for(std::chrono::milliseconds(InterruptCount::kEchoMs + 1));
    ::raise(SIGINT);
    say("no");
  });
  CHECK(ending.code == kInterrupted);
  CHECK(ending.said == kLine);
}

TEST_CASE(
    "after watch_interrupts the first interrupt sets the event, the second ends the process") {
  const Ending ending = run_process([] {
    WakeEvent event;
    watch_interrupts(event);
    if (interrupted()) say("no");
    ::raise(SIGINT);
    const InterruptHold hold;  // has no effect any more
    if (interrupted() && event.wait(0)) say("on");
    std::this_thread::sleep_for(std::chrono::milliseconds(InterruptCount::kEchoMs + 1));
    ::raise(SIGTERM);
    say("no");
  });
  CHECK(ending.code == kInterrupted);
  CHECK(ending.said == "on");
}

TEST_CASE("an interrupt before watch_interrupts does not set the event") {
  const Ending ending = run_process([] {
    const InterruptHold hold;
    ::raise(SIGINT);
    WakeEvent event;
    watch_interrupts(event);
    say("no");
  });
  CHECK(ending.code == kInterrupted);
  CHECK(ending.said == kLine);
}

}  // namespace
}  // namespace aiobench::os
