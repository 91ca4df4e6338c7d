// Whether a run went on as it began: its second half beside its first.
#pragma once

#include <optional>
#include <span>

namespace aiobench::measure {

// The medians of what was measured in each half of a run.
struct Drift {
  double first = 0;
  double second = 0;

  // +0.5: the second half had half as much again.
  double change() const { return second / first - 1; }
};

// `values`: one for each of the equal intervals of a run, in order, without the first and the last,
// which are of the beginning and the end. Nothing where there are too few to tell, or where the
// halves do not differ by more than the noise: by more than a tenth, and than four standard errors
// of the difference of the two medians, as the spread within the halves lets them be expected.
std::optional<Drift> drift_of(std::span<const double> values);

}  // namespace aiobench::measure
