// The sign test for pairs: whether one of each pair tends to be the greater, by nothing but which
// one it is. It asks nothing of the distribution, and drift that hits both of a pair hits it not.
// Source: W. J. Dixon, A. M. Mood, "The statistical sign test", Journal of the American Statistical
// Association 41 (1946).
#pragma once

#include <cstddef>

namespace aiobench::measure {

// The probability that as many pairs as these, or more, of all would have the greater value on one
// side that was named before, were both sides alike. A tie is a pair that has not.
double sign_test(std::size_t greater, std::size_t pairs);

}  // namespace aiobench::measure
