#include "tool/handoff.h"

#include "base/log.h"
#include "os/wine.h"

namespace aiobench::tool {

Error hand_off(const char* command, Arguments arguments) {
  Result<platform::WindowsBuild> build = platform::find_windows_build();
  if (!build) return build.take_error();
  log_debug("running " + build->program + " by Wine " + build->wine_version);
  arguments.insert(arguments.begin(), command);
  return platform::become_windows_build(*build, arguments);
}

}  // namespace aiobench::tool
