#include "os/wine.h"

#include <fcntl.h>
#include <signal.h>
#include <sys/personality.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cerrno>
#include <cstdio>
#include <cstdlib>
#include <filesystem>

#include "os/console.h"
#include "os/directory.h"
#include "os/linux/wine_prefix.h"
#include "os/system_error.h"

namespace aiobench::platform {
namespace {

Error not_found(std::string cause, std::string hint) {
  Error error;
  error.operation = "find the Windows build of aiobench";
  error.cause = std::move(cause);
  error.hint = std::move(hint);
  return error;
}

// Beside this program, in the neighbouring build folder, or where a package puts it.
Result<std::string> find_program() {
  const std::string named = environment("AIOBENCH_WINDOWS_EXE");
  if (!named.empty()) {
    if (exists(named)) return named;
    return not_found("$AIOBENCH_WINDOWS_EXE names '" + named + "', which is not there",
                     "correct or unset it");
  }
  const std::string here = program_folder();
  for (const char* place :
       {"aiobench.exe", "../windows/aiobench.exe", "../lib/aiobench/aiobench.exe"}) {
    const std::string path = join_path(here, place);
    if (exists(path)) return std::filesystem::weakly_canonical(path).string();
  }
  return not_found("there is no aiobench.exe near '" + here + "'",
                   "build it (cmake --preset windows && cmake --build --preset windows), or name "
                   "it in $AIOBENCH_WINDOWS_EXE");
}

constexpr int kCannotStart = 126;  // as shells say it
constexpr int kInterrupted = 130;

// Wine's loader lies at a fixed address, and newer kernels put its heap anywhere within 1 GiB above
// it: once in some thousand starts where Windows programs expect the page that they share with the
// system. Wine then ends with 1 and says nothing. Without randomisation the heap begins right
// behind the loader. Where that is forbidden the rare failure stays. (personality(2))
void keep_wine_heap_low() {
  constexpr unsigned long kOnlyAsk = 0xffffffff;
  const int now = ::personality(kOnlyAsk);
  if (now != -1) ::personality(static_cast<unsigned>(now) | ADDR_NO_RANDOMIZE);
}

// Makes what Wine needs, on first use.
Status prepare_start() {
  Result<std::string> cache = cache_folder();
  if (!cache) return cache.take_error();
  Result<WineTools> tools = find_wine();
  if (!tools) return tools.take_error();
  if (Status ready = prepare_wine(*tools, join_path(*cache, "wine")); !ready) return ready;
  // Wine cannot start in a folder with a name that Windows forbids, and would use another one in
  // silence: the Windows build takes relative paths from this variable.
  std::error_code failure;
  ::setenv("AIOBENCH_WORKING_FOLDER", std::filesystem::current_path(failure).c_str(), 1);
  std::fflush(nullptr);
  return {};
}

// Has an interrupt wait until Wine can take it: it would end Wine's loader without a word, or, when
// the loader has its handler and the program has none yet, be lost. A pending signal and the mask
// outlast execve(2); Wine unblocks SIGINT when it begins to run the Windows program, and has
// never blocked SIGTERM, which ends it at any time. False if an interrupt has come already.
bool hold_interrupts() {
  sigset_t held;
  ::sigemptyset(&held);
  ::sigaddset(&held, SIGINT);
  ::pthread_sigmask(SIG_BLOCK, &held, nullptr);
  ::signal(SIGTERM, SIG_DFL);
  return !interrupted();
}

// Returns only on failure, with the reason in errno. EINTR: an interrupt has come.
void start(const WindowsBuild& build, const std::vector<std::string>& arguments) {
  std::vector<const char*> line = {build.wine.c_str(), build.program.c_str()};
  for (const std::string& argument : arguments) line.push_back(argument.c_str());
  line.push_back(nullptr);
  keep_wine_heap_low();
  if (!hold_interrupts()) {
    errno = EINTR;
    return;
  }
  ::execv(build.wine.c_str(), const_cast<char* const*>(line.data()));
}

// The exit code. Somebody who signals this program alone means the child too.
int wait_for(pid_t child, WakeEvent& event) {
  constexpr unsigned kTickMs = 20;
  bool passed_on = false;
  for (;;) {
    int status = 0;
    const pid_t ended = ::waitpid(child, &status, WNOHANG);
    if (ended == child) return WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
    if (ended < 0 && errno != EINTR) return kCannotStart;
    if (interrupted() && !passed_on) {
      ::kill(child, SIGINT);
      passed_on = true;
    }
    event.wait(kTickMs);
  }
}

}  // namespace

Result<WindowsBuild> find_windows_build() {
  Result<std::string> program = find_program();
  if (!program) return program.take_error();
  Result<WineTools> tools = find_wine();
  if (!tools) return tools.take_error();
  return WindowsBuild{*program, tools->wine, wine_version(*tools)};
}

Error become_windows_build(const WindowsBuild& build, const std::vector<std::string>& arguments) {
  const Status ready = prepare_start();
  if (ready) start(build, arguments);
  const int code = errno;
  // Also where the interrupt has ended one of the helpers, and so the preparations.
  if (interrupted()) return interrupted_error("nothing was measured");
  return ready ? system_error("run", build.wine, code) : ready.error();
}

Result<int> run_windows_build(const WindowsBuild& build, const std::vector<std::string>& arguments,
                              const std::string& output, WakeEvent& event) {
  if (Status ready = prepare_start(); !ready) return ready.take_error();
  const int fd = ::open(output.c_str(), O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0666);
  if (fd < 0) return system_error("write", output, errno);
  const pid_t child = ::fork();
  if (child == 0) {
    ::dup2(fd, STDOUT_FILENO);
    ::dup2(fd, STDERR_FILENO);
    start(build, arguments);
    ::_exit(errno == EINTR ? kInterrupted : kCannotStart);
  }
  const int code = errno;
  ::close(fd);
  if (child < 0) return system_error("start", build.wine, code);
  return wait_for(child, event);
}

}  // namespace aiobench::platform
