#include "os/wine.h"

#include "os/windows/wine.h"

namespace aiobench::platform {
namespace {

Error already_here() {
  return usage_error("start the Windows build", "this program is the Windows build");
}

}  // namespace

Result<WindowsBuild> find_windows_build() {
  return already_here();
}

Error become_windows_build(const WindowsBuild&, const std::vector<std::string>&) {
  return already_here();
}

Result<int> run_windows_build(const WindowsBuild&, const std::vector<std::string>&,
                              const std::string&, WakeEvent&) {
  return already_here();
}

}  // namespace aiobench::platform
