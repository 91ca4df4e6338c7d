// What the system tells of a file that decides what a figure taken of it means.
#pragma once

#include <optional>
#include <string>

namespace aiobench::pipeline {

// The share of its pages, by a sample, in the page cache. Nothing where that is not known.
std::optional<double> cached_share(const std::string& path);

// The share of its bytes that no disk holds: holes, and space that was allocated and never written.
// A file system that knows no holes tells of none. Ask before the file is read: what was never
// written may count as data once it is in the page cache. Nothing for an empty file, and for one
// that cannot be asked.
std::optional<double> hole_share(const std::string& path);

}  // namespace aiobench::pipeline
