// Running the Windows build of aiobench, to reach the Windows mechanisms. On Linux it runs under
// Wine with the same arguments. On Windows the running program is the Windows build, so these
// functions fail.
#pragma once

#include <string>
#include <vector>

#include "base/error.h"
#include "os/console.h"

namespace aiobench::os {

// The paths of the Windows build and of Wine. The build is searched in $AIOBENCH_WINDOWS_EXE,
// beside this program and in the neighbouring build directory; Wine in the usual places.
struct WindowsBuild {
  std::string program;  // the path of aiobench.exe
  std::string wine;     // the path of Wine's loader
  std::string wine_version;
};

// The error states what is missing and how to install it.
Result<WindowsBuild> find_windows_build();

// Replaces this process by the Windows build with `arguments`. Streams, exit code, signals and the
// current directory are passed through. Returns only on failure. Wine uses a prefix of its own in
// the cache directory; it is created on first use, with a line on stderr.
Error become_windows_build(const WindowsBuild& build, const std::vector<std::string>& arguments);

// Runs the Windows build in a child process whose output goes to the file `output`. Returns its
// exit code, or 128 plus the signal number. An interrupt is passed on to the child; `event` is the
// one given to watch_interrupts(). Main thread only.
Result<int> run_windows_build(const WindowsBuild& build, const std::vector<std::string>& arguments,
                              const std::string& output, WakeEvent& event);

}  // namespace aiobench::os
