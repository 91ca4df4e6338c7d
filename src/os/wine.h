// How a Windows mechanism is reached from this program. On Linux: by running the Windows build
// of aiobench under Wine, with the same arguments. On Windows: it is this program.
#pragma once

#include <string>
#include <vector>

#include "base/error.h"
#include "os/console.h"

namespace aiobench::os {

// Where the Windows build and Wine are. The build is looked for in $AIOBENCH_WINDOWS_EXE, beside
// this program, and in the neighbouring build directory; Wine in the usual places.
struct WindowsBuild {
  std::string program;  // the path of aiobench.exe
  std::string wine;     // the path of Wine's loader
  std::string wine_version;
};

// An error says what is missing, and how to get it.
Result<WindowsBuild> find_windows_build();

// Runs the Windows build with `arguments` in place of this process: streams, exit code, signals
// and the current directory pass through. Returns only on failure. Wine's files are in a prefix of
// their own under the cache directory; it is made on first use, with a line on stderr.
Error become_windows_build(const WindowsBuild& build, const std::vector<std::string>& arguments);

// The same in a process of its own, with what it prints in the file `output`; returns its exit
// code, or 128 and the signal's number. An interrupt (platform/interrupt.h) is passed on to it;
// `event` is the one that watches for them. Main thread only.
Result<int> run_windows_build(const WindowsBuild& build, const std::vector<std::string>& arguments,
                              const std::string& output, WakeEvent& event);

}  // namespace aiobench::os
