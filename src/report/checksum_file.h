// Reads and writes checksum files. Lines are written exactly as xxhsum 0.8.3 writes them and read
// in every form that a version of xxhsum writes. Source: cli/xxhsum.c of xxHash 0.8.1, 0.8.2 and
// 0.8.3.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/error.h"

namespace aiobench::report {

// gnu: "26c7827d889f6da3  file", and for xxh3, whose digest is as long as that of xxh64,
// "XXH3_9555e8555c62dcfd  file". bsd (xxhsum --tag): "XXH64 (file) = 26c7827d889f6da3".
enum class ChecksumForm { gnu, bsd };

// One line, with its line break. A name that holds a backslash, a line feed or a carriage return
// is escaped (\\, \n, \r), and the line then starts with a backslash.
std::string checksum_line(std::string_view hash, std::string_view digest, std::string_view path,
                          ChecksumForm form = ChecksumForm::gnu);

// "file: OK", with its line break: the result of checking a file. The name is escaped as above, so
// that every file has exactly one line.
std::string verdict_line(std::string_view path, std::string_view verdict);

struct ChecksumLine {
  std::string hash;    // the name of --hash: "xxh64"
  std::string digest;  // big-endian, lower case
  std::string path;
};

// Parses one line of a checksum file, without its line break. Returns nothing if the form is
// unknown. Known forms: "HEX  name" (8, 16 or 32 digits), "XXH3_HEX  name", "TAG (name) = HEX"
// (TAG: XXH32, XXH64, XXH3, XXH128, with _LE for little-endian digits), and each of them with a
// leading backslash and an escaped name. The second space may be a '*'.
//
// Not detected: "HEX  name" with little-endian digits (xxhsum --little-endian without --tag), which
// looks like one with big-endian digits, and a name with a line break that xxhsum 0.8.1 did not
// escape.
std::optional<ChecksumLine> parse_checksum_line(std::string_view line);

struct ChecksumList {
  std::vector<ChecksumLine> lines;
  std::vector<std::size_t> malformed_lines;  // line numbers, from 1
};

// Parses a whole checksum file. Empty lines and lines that start with # are skipped.
ChecksumList parse_checksum_file(std::string_view text);

}  // namespace aiobench::report
