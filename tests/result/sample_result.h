// Test support, proves nothing itself: a small result whose values are easy to calculate by hand,
// and one with only unknown values.
#pragma once

#include "result/model.h"

namespace aiobench::test {

// One repetition: 3 GiB in 1.5 s with 3,072 requests of 4 ms each.
result::Repetition sample_repetition();

// One run with that repetition.
result::Run sample_run();

// The same as a read run, with every limit set.
result::Run sample_read_run();
result::Run sample_copy_run();

// The run on a Linux machine.
result::Results sample_result();

// One run of each job, with all optional parts.
result::Results full_result();

}  // namespace aiobench::test
