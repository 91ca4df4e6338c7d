// What somebody may have meant who typed something that does not exist.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace aiobench::tool {

// How many characters have to be put in, left out, changed, or swapped with their neighbour.
// Source: F. J. Damerau, "A technique for computer detection and correction of spelling errors"
// (1964).
unsigned edits_between(std::string_view a, std::string_view b);

// The one of `known` that is nearest to `typed`; nothing where none is near. Of several that are as
// near the first.
std::optional<std::string> nearest(std::string_view typed, const std::vector<std::string>& known);

}  // namespace aiobench::tool
