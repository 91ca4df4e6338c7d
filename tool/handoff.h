// From the Linux program to the Windows build under Wine.
#pragma once

#include "base/error.h"
#include "tool/command.h"

namespace aiobench::tool {

// Goes on as the Windows build with the same `arguments`, behind the command's name `command`.
// Returns only on failure.
Error hand_off(const char* command, Arguments arguments);

}  // namespace aiobench::tool
