#include "os/wine.h"

#include <fcntl.h>
#include <fmt/core.h>
#include <signal.h>
#include <sys/file.h>
#include <sys/personality.h>
#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <cctype>
#include <cerrno>
#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <memory>
#include <string>
#include <vector>

#include "base/error.h"
#include "os/atomic_file.h"
#include "os/console.h"
#include "os/directory.h"
#include "os/system_error.h"

namespace aiobench::os {

// Wine made ready for the Windows build: environment, prefix, server.

struct WineTools {
  std::string wine;    // the loader: runs a Windows program
  std::string server;  // wineserver; may be empty
};

Result<WineTools> find_wine();

// What `wine --version` says, without "wine-": "8.0 (Debian 8.0~repack-4)"; empty if it fails.
std::string wine_version(const WineTools& tools);

// Sets this process's environment for Wine, makes the prefix in `directory` on first use (with a
// line on stderr) and starts Wine's server where none runs.
Status prepare_wine(const WineTools& tools, const std::string& directory);

namespace {

std::string first_executable(std::initializer_list<const char*> places) {
  for (const char* place : places) {
    if (::access(place, X_OK) == 0) return place;
  }
  return {};
}

// For Wine and all that it starts: quiet, in its own prefix, without windows, browser, .NET and
// entries in the user's desktop menu. Without a debugger too: winedbg may end a program that
// crashes with exit code 0.
void set_environment(const std::string& prefix) {
  ::setenv("WINEPREFIX", prefix.c_str(), 1);
  ::setenv("WINEARCH", "win64", 1);
  if (environment("WINEDEBUG").empty()) ::setenv("WINEDEBUG", "-all", 1);
  ::setenv("WINEDLLOVERRIDES", "mscoree=;mshtml=;winemenubuilder.exe=d;winedbg.exe=d", 1);
  ::unsetenv("DISPLAY");
  ::unsetenv("WAYLAND_DISPLAY");
  // Wine takes the encoding of names from the locale: outside UTF-8 it would change them.
  if (!terminals_show_utf8()) ::setenv("LC_ALL", "C.UTF-8", 1);
}

// Runs a program without input and output and waits; its exit code, or -1.
int run_silently(std::vector<const char*> line) {
  line.push_back(nullptr);
  const pid_t child = ::fork();
  if (child == 0) {
    const int nowhere = ::open("/dev/null", O_RDWR);
    for (int stream = 0; stream < 3; ++stream) ::dup2(nowhere, stream);
    ::execv(line[0], const_cast<char* const*>(line.data()));
    ::_exit(127);
  }
  int status = 0;
  if (child < 0 || ::waitpid(child, &status, 0) < 0) return -1;
  return WIFEXITED(status) ? WEXITSTATUS(status) : -1;
}

// The first program in a prefix starts Wine's server and services, which takes seconds, and they
// keep that program's stderr open after its end: whoever reads it through a pipe would wait on.
// So they are started here with their output closed, and stay for some seconds after the last
// program: the next one starts at once.
void start_server(const WineTools& tools) {
  if (tools.server.empty()) return;
  const char* const server = tools.server.c_str();
  const bool running = run_silently({server, "-k0"}) == 0;  // signal 0: only asks
  if (running) return;
  run_silently({server, "-p20"});
  run_silently({tools.wine.c_str(), "cmd", "/c", "exit"});
}

// The marker is written last, so that a prefix that was interrupted while being made is made
// again.
Status make_prefix(const WineTools& tools, const std::string& directory) {
  const std::string marker = join_path(directory, "made-by-aiobench");
  if (exists(marker)) return {};
  if (Status made = make_directories(directory); !made) return made;
  std::fprintf(stderr, "aiobench: making a Wine prefix in %s (once, some seconds)\n",
               directory.c_str());
  if (!tools.server.empty()) run_silently({tools.server.c_str(), "-p20"});
  const int code = run_silently({tools.wine.c_str(), "wineboot", "--init"});
  if (code == 0) return write_file(marker, "");
  Error error;
  error.operation = "make a Wine prefix in";
  error.path = directory;
  error.cause = fmt::format("wineboot ended with {}", code);
  error.hint = "remove that directory and try again";
  return error;
}

}  // namespace

Result<WineTools> find_wine() {
  WineTools tools;
  // Newer versions of Wine have one loader, `wine`, and no wine64.
  tools.wine = first_executable({"/usr/lib/wine/wine64", "/usr/bin/wine64", "/usr/bin/wine",
                                 "/usr/local/bin/wine64", "/usr/local/bin/wine",
                                 "/opt/wine-stable/bin/wine64", "/opt/wine-stable/bin/wine"});
  tools.server = first_executable({"/usr/lib/wine/wineserver", "/usr/bin/wineserver",
                                   "/usr/local/bin/wineserver", "/opt/wine-stable/bin/wineserver"});
  if (!tools.wine.empty()) return tools;
  Error error;
  error.operation = "find Wine";
  error.cause = "it is not installed";
  error.hint = "install it (apt install wine wine64)";
  return error;
}

std::string wine_version(const WineTools& tools) {
  const std::string command = "'" + tools.wine + "' --version 2>/dev/null";
  const std::unique_ptr<FILE, int (*)(FILE*)> pipe(::popen(command.c_str(), "r"), ::pclose);
  std::array<char, 256> line{};
  if (!pipe || std::fgets(line.data(), static_cast<int>(line.size()), pipe.get()) == nullptr) {
    return {};
  }
  std::string text = line.data();
  text.erase(text.find_last_not_of(" \n") + 1);
  return text.rfind("wine-", 0) == 0 ? text.substr(5) : text;
}

Status prepare_wine(const WineTools& tools, const std::string& directory) {
  set_environment(directory);
  // Several programs may start at once. The lock is closed on exec, so that Wine's server, which
  // stays longer than this program, does not keep it.
  const std::string lock_path = directory + ".lock";
  const int lock = ::open(lock_path.c_str(), O_CREAT | O_RDWR | O_CLOEXEC, 0644);
  if (lock < 0) return system_error("open", lock_path, errno);
  ::flock(lock, LOCK_EX);
  Status outcome = make_prefix(tools, directory);
  if (outcome) start_server(tools);
  ::close(lock);
  return outcome;
}

namespace {

Error not_found(std::string cause, std::string hint) {
  Error error;
  error.operation = "find the Windows build of aiobench";
  error.cause = std::move(cause);
  error.hint = std::move(hint);
  return error;
}

// Beside this program, in the neighbouring build directory, or where a package puts it.
Result<std::string> find_program() {
  const std::string named = environment("AIOBENCH_WINDOWS_EXE");
  if (!named.empty()) {
    if (exists(named)) return named;
    return not_found("$AIOBENCH_WINDOWS_EXE names '" + named + "', which is not there",
                     "correct or unset it");
  }
  const std::string here = program_directory();
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
  Result<std::string> cache = cache_directory();
  if (!cache) return cache.take_error();
  Result<WineTools> tools = find_wine();
  if (!tools) return tools.take_error();
  if (Status ready = prepare_wine(*tools, join_path(*cache, "wine")); !ready) return ready;
  // Wine cannot start in a directory with a name that Windows forbids, and would use another one in
  // silence: the Windows build takes relative paths from this variable.
  std::error_code failure;
  ::setenv("AIOBENCH_WORKING_DIRECTORY", std::filesystem::current_path(failure).c_str(), 1);
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

}  // namespace aiobench::os
