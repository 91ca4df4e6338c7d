// Test support: how much of the matrix of depths, threads, block sizes and file sizes a run covers.
// All of it natively; a part of it if each run is slow (sanitizers, Wine, or an engine that takes
// milliseconds to set up).
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "hash/hasher.h"

namespace aiobench::test {

struct Matrix {
  std::vector<unsigned> depths;
  std::vector<unsigned> threads;
  std::vector<std::uint32_t> blocks;
  std::vector<std::size_t> sizes;
  bool direct = false;
  std::vector<hash::Algorithm> algorithms = {hash::Algorithm::xxh32, hash::Algorithm::xxh64,
                                             hash::Algorithm::xxh3, hash::Algorithm::xxh128};

  // Those of `engines` that read a file of 4 GiB: natively all that move data, elsewhere some. In
  // the short form only those that support direct access.
  static std::vector<std::string> engines_for_huge_files(const std::vector<std::string>& engines);

  static Matrix buffered(const std::string& spec);
  static Matrix large(const std::string& spec);
  static Matrix past_the_cache(const std::string& spec);
};

}  // namespace aiobench::test
