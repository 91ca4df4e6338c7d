#include "os/linux/wine_prefix.h"

#include <fcntl.h>
#include <fmt/core.h>
#include <sys/file.h>
#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <cctype>
#include <cerrno>
#include <cstdio>
#include <cstdlib>
#include <memory>
#include <vector>

#include "os/console.h"
#include "os/directory.h"
#include "os/system_error.h"
#include "os/atomic_file.h"

namespace aiobench::platform {
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
Status make_prefix(const WineTools& tools, const std::string& folder) {
  const std::string marker = join_path(folder, "made-by-aiobench");
  if (exists(marker)) return {};
  if (Status made = make_folders(folder); !made) return made;
  std::fprintf(stderr, "aiobench: making a Wine prefix in %s (once, some seconds)\n",
               folder.c_str());
  if (!tools.server.empty()) run_silently({tools.server.c_str(), "-p20"});
  const int code = run_silently({tools.wine.c_str(), "wineboot", "--init"});
  if (code == 0) return write_file(marker, "");
  Error error;
  error.operation = "make a Wine prefix in";
  error.path = folder;
  error.cause = fmt::format("wineboot ended with {}", code);
  error.hint = "remove that folder and try again";
  return error;
}

}  // namespace

Result<WineTools> find_wine() {
  WineTools tools;
  tools.wine = first_executable({"/usr/lib/wine/wine64", "/usr/bin/wine64", "/usr/bin/wine",
                                 "/usr/local/bin/wine64", "/opt/wine-stable/bin/wine64"});
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

Status prepare_wine(const WineTools& tools, const std::string& folder) {
  set_environment(folder);
  // Several programs may start at once. The lock is closed on exec, so that Wine's server, which
  // stays longer than this program, does not keep it.
  const std::string lock_path = folder + ".lock";
  const int lock = ::open(lock_path.c_str(), O_CREAT | O_RDWR | O_CLOEXEC, 0644);
  if (lock < 0) return system_error("open", lock_path, errno);
  ::flock(lock, LOCK_EX);
  Status outcome = make_prefix(tools, folder);
  if (outcome) start_server(tools);
  ::close(lock);
  return outcome;
}

}  // namespace aiobench::platform
