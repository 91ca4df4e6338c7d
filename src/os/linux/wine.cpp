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

namespace {

// The executables of Wine.
struct WineTools {
  std::string wine;    // the loader, which runs a Windows program
  std::string server;  // wineserver; may be empty
};

std::string first_executable(std::initializer_list<const char*> places) {
  for (const char* place : places) {
    if (::access(place, X_OK) == 0) return place;
  }
  return {};
}

// The environment of Wine and its processes: no debug output, a prefix of their own, no windows,
// browser, .NET or entries in the desktop menu. Also no debugger: winedbg may end a program that
// crashed with exit code 0.
void set_environment(const std::string& prefix) {
  ::setenv("WINEPREFIX", prefix.c_str(), 1);
  ::setenv("WINEARCH", "win64", 1);
  if (environment("WINEDEBUG").empty()) ::setenv("WINEDEBUG", "-all", 1);
  ::setenv("WINEDLLOVERRIDES", "mscoree=;mshtml=;winemenubuilder.exe=d;winedbg.exe=d", 1);
  ::unsetenv("DISPLAY");
  ::unsetenv("WAYLAND_DISPLAY");
  // Wine takes the encoding of names from the locale. In a locale other than UTF-8 it would change
  // them.
  if (!terminals_show_utf8()) ::setenv("LC_ALL", "C.UTF-8", 1);
}

// Runs a program without input and output and waits for it. Returns its exit code, or -1.
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

// The first program in a prefix starts the Wine server and its services, which takes seconds. They
// keep that program's stderr open after it has ended, so a reader of the pipe would wait for them.
// Therefore they are started here with closed output. They stay for some seconds after the last
// program, so that the next one starts fast.
void start_server(const WineTools& tools) {
  if (tools.server.empty()) return;
  const char* const server = tools.server.c_str();
  const bool running = run_silently({server, "-k0"}) == 0;  // signal 0: only checks
  if (running) return;
  run_silently({server, "-p20"});
  run_silently({tools.wine.c_str(), "cmd", "/c", "exit"});
}

// The marker is written last, so that an interrupted set-up is repeated.
Status make_prefix(const WineTools& tools, const std::string& directory) {
  const std::string marker = join_path(directory, "made-by-aiobench");
  if (exists(marker)) return {};
  if (Status made = make_directories(directory); !made) return made;
  std::fprintf(stderr, "aiobench: creating a Wine prefix in %s (only once; takes some seconds)\n",
               directory.c_str());
  if (!tools.server.empty()) run_silently({tools.server.c_str(), "-p20"});
  const int code = run_silently({tools.wine.c_str(), "wineboot", "--init"});
  if (code == 0) return write_file(marker, "");
  Error error;
  error.operation = "create a Wine prefix in";
  error.path = directory;
  error.cause = fmt::format("wineboot failed with exit code {}", code);
  error.hint = "remove that directory and try again";
  return error;
}

Result<WineTools> find_wine() {
  WineTools tools;
  // Newer versions of Wine have a single loader, `wine`, and no wine64.
  tools.wine = first_executable({"/usr/lib/wine/wine64", "/usr/bin/wine64", "/usr/bin/wine",
                                 "/usr/local/bin/wine64", "/usr/local/bin/wine",
                                 "/opt/wine-stable/bin/wine64", "/opt/wine-stable/bin/wine"});
  tools.server = first_executable({"/usr/lib/wine/wineserver", "/usr/bin/wineserver",
                                   "/usr/local/bin/wineserver", "/opt/wine-stable/bin/wineserver"});
  if (!tools.wine.empty()) return tools;
  Error error;
  error.operation = "find Wine";
  error.cause = "it is not installed";
  error.hint = "install it: apt install wine wine64";
  return error;
}

// The output of `wine --version` without "wine-": "8.0 (Debian 8.0~repack-4)"; empty on failure.
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

// Sets the environment of this process for Wine, creates the prefix in `directory` on first use
// (with a line on stderr) and starts the Wine server if none is running.
Status prepare_wine(const WineTools& tools, const std::string& directory) {
  set_environment(directory);
  // Several programs may start at once. The lock is close-on-exec, so that the Wine server, which
  // outlives this program, does not keep it.
  const std::string lock_path = directory + ".lock";
  const int lock = ::open(lock_path.c_str(), O_CREAT | O_RDWR | O_CLOEXEC, 0644);
  if (lock < 0) return system_error("open", lock_path, errno);
  ::flock(lock, LOCK_EX);
  Status outcome = make_prefix(tools, directory);
  if (outcome) start_server(tools);
  ::close(lock);
  return outcome;
}

Error not_found(std::string cause, std::string hint) {
  Error error;
  error.operation = "find the Windows build of aiobench";
  error.cause = std::move(cause);
  error.hint = std::move(hint);
  return error;
}

// Searches beside this program, in the neighbouring build directory and where a package installs
// it.
Result<std::string> find_program() {
  const std::string named = environment("AIOBENCH_WINDOWS_EXE");
  if (!named.empty()) {
    if (exists(named)) return named;
    return not_found("$AIOBENCH_WINDOWS_EXE names '" + named + "', which does not exist",
                     "correct or unset the variable");
  }
  const std::string here = program_directory();
  for (const char* place :
       {"aiobench.exe", "../windows/aiobench.exe", "../lib/aiobench/aiobench.exe"}) {
    const std::string path = join_path(here, place);
    if (exists(path)) return std::filesystem::weakly_canonical(path).string();
  }
  return not_found("there is no aiobench.exe near '" + here + "'",
                   "build it: cmake --preset windows && cmake --build --preset windows; or name it "
                   "in $AIOBENCH_WINDOWS_EXE");
}

constexpr int kCannotStart = 126;  // the exit code that shells use
constexpr int kInterrupted = 130;

// The loader of Wine is at a fixed address, and newer kernels place its heap anywhere within 1 GiB
// above it. Once in some thousand starts the heap covers the page that Windows programs share with
// the system; Wine then ends with exit code 1 and no message. Without address randomisation the
// heap begins directly behind the loader. Where disabling it is forbidden, the rare failure
// remains. Source: personality(2).
void keep_wine_heap_low() {
  constexpr unsigned long kQueryOnly = 0xffffffff;
  const int now = ::personality(kQueryOnly);
  if (now != -1) ::personality(static_cast<unsigned>(now) | ADDR_NO_RANDOMIZE);
}

// Prepares the Wine prefix and the environment.
Status prepare_start() {
  Result<std::string> cache = cache_directory();
  if (!cache) return cache.take_error();
  Result<WineTools> tools = find_wine();
  if (!tools) return tools.take_error();
  if (Status ready = prepare_wine(*tools, join_path(*cache, "wine")); !ready) return ready;
  // Wine cannot start in a directory whose name Windows forbids; it would silently use another one.
  // The Windows build resolves relative paths against this variable.
  std::error_code failure;
  ::setenv("AIOBENCH_WORKING_DIRECTORY", std::filesystem::current_path(failure).c_str(), 1);
  std::fflush(nullptr);
  return {};
}

// Blocks SIGINT until Wine can handle it. Otherwise it would end the Wine loader without a message,
// or be lost if the loader has its handler and the program has none yet. A pending signal and the
// mask survive execve(2). Wine unblocks SIGINT when it starts to run the Windows program. It never
// blocks SIGTERM, which ends it at any time. Returns false if an interrupt has already arrived.
bool hold_interrupts() {
  sigset_t held;
  ::sigemptyset(&held);
  ::sigaddset(&held, SIGINT);
  ::pthread_sigmask(SIG_BLOCK, &held, nullptr);
  ::signal(SIGTERM, SIG_DFL);
  return !interrupted();
}

// Returns only on failure, with the reason in errno. EINTR: an interrupt has arrived.
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

// Waits for the child and returns its exit code. A signal sent to this program alone is meant for
// the child too, so it is passed on.
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
  // The interrupt may also have ended a helper process, and so the preparation.
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
