#include "run/hole_map.h"

#include <algorithm>
#include <cstring>

namespace aiobench::pipeline {
namespace {

// Compares the stretch with itself, one byte on.
bool all_zeros(const std::byte* bytes, std::size_t count) {
  return count == 0 || (bytes[0] == std::byte{0} && std::memcmp(bytes, bytes + 1, count - 1) == 0);
}

}  // namespace

Stretch HoleMap::next(Stretch part, const std::byte* bytes) const {
  if (!has_holes_) return part;
  const auto after =
      std::upper_bound(data_.begin(), data_.end(), part.begin,
                       [](FileOffset at, const Stretch& stretch) { return at < stretch.end; });
  const Stretch found = after == data_.end() ? Stretch{part.end, part.end} : *after;
  const FileOffset hole_end = std::min(found.begin, part.end);
  if (hole_end > part.begin && !all_zeros(bytes, hole_end - part.begin)) {
    return {part.begin, hole_end};
  }
  return {std::max(found.begin, part.begin), std::min(found.end, part.end)};
}

}  // namespace aiobench::pipeline
