// What the tool itself costs on this machine, so that a reader can take it off what it measures.
#pragma once

#include "result/model.h"
#include "os/interrupt.h"

namespace aiobench::pipeline {

// Takes some milliseconds. What an interrupt cuts short is left at 0. `event` as for hash_file().
measure::OwnCost own_cost(platform::WakeEvent& event);

// What an event of a trace costs the thread that it happens in, in nanoseconds. As above.
double trace_event_cost_ns(platform::WakeEvent& event);

}  // namespace aiobench::pipeline
