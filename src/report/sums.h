// Checksum lines: written exactly as xxhsum 0.8 writes them, and read in every form that a
// version of xxhsum writes.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/error.h"

namespace aiobench::report {

// "26c7827d889f6da3  file", or for xxh3 "XXH3 (file) = 9555e8555c62dcfd". With a line break.
std::string sum_line(std::string_view hash, std::string_view digest, std::string_view path);

struct Sum {
  std::string hash;    // the name of --hash: "xxh64"
  std::string digest;  // big-endian, lower case
  std::string path;
};

// One line of a checksum file without its line break; nothing where it is in no known form:
// "HEX  name" (8, 16 or 32 digits), "XXH3_HEX  name", "TAG (name) = HEX" (TAG: XXH32, XXH64,
// XXH3, XXH128, with _LE for little-endian digits), and with a leading backslash the same with
// \\ and \n in the name, as newer versions write a name that holds those.
std::optional<Sum> parse_sum_line(std::string_view line);

struct Sums {
  std::vector<Sum> sums;
  std::vector<std::size_t> malformed_lines;  // their numbers, from 1
};

// A whole checksum file. Empty lines and lines that start with # are passed over.
Sums parse_sums(std::string_view text);

}  // namespace aiobench::report
