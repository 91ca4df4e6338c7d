// What is told on stderr besides results: one line a message, "aiobench: warning: ...".
#pragma once

namespace aiobench::tool {

// Once, before anything is told. Coloured where stderr is a terminal that wants it.
void set_up_log();

// Whether messages are coloured from now on.
void colour_log(bool coloured);

}  // namespace aiobench::tool
