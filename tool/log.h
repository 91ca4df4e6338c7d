// Writes the messages of base/log.h on stderr, one line each: "aiobench: warning: ...".
#pragma once

#include "base/log.h"

namespace aiobench::tool {

// Call once, before the first message. Messages are coloured where stderr is a terminal that
// understands it.
void set_up_log();

// Whether messages are coloured from now on.
void colour_log(bool coloured);

// Messages below `least` are dropped from now on. The default is LogLevel::info.
void set_log_level(LogLevel least);

}  // namespace aiobench::tool
