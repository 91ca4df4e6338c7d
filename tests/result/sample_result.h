// Test support, proves nothing itself: a small result whose every figure is easy to work out by
// hand, and one of which nothing is known.
#pragma once

#include "result/model.h"

namespace aiobench::test {

// One repetition: 3 GiB in 1.5 s by 3,072 requests of 4 ms each.
result::Repetition sample_repetition();

// One run with that repetition.
result::Run sample_run();

// The same as a read run, with every limit set.
result::Run sample_read_run();
result::Run sample_copy_run();

// The run on a Linux machine.
result::Results sample_result();

// A run of each job, each with all that it may have.
result::Results full_result();

}  // namespace aiobench::test
