// What stands in the way of a comparison: the reasons for which two cells are not comparable, or
// one of them has no other.
#pragma once

#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "result/cell.h"

namespace aiobench::report {

enum class Hindrance {
  missing,      // on one side: a cell, a figure, or all of its runs failed
  digest,       // the file was another one: its digest or its size
  environment,  // machine, system, disk, or how the program was built
};

struct HindranceKind {
  Hindrance hindrance;
  const char* name;  // as --allow has it
};

// One for each, in their order.
std::span<const HindranceKind> hindrance_kinds();
// nullptr where there is none of that name.
const HindranceKind* find_hindrance(std::string_view name);
const char* name_of(Hindrance hindrance);

struct Obstacle {
  Hindrance kind{};
  std::string text;  // as it was read: not yet fit for a terminal
  bool allowed = false;

  bool operator==(const Obstacle&) const = default;
};

// In what the runs of a cell, of both sides, are of different files, or were made under different
// circumstances. What is not known is not different. The version and the commit of the program are
// what one compares; which instructions it hashes with, and its compiler, are its own too.
std::vector<Obstacle> differences(const Match& match);

// In what the cells differ that were taken for the same, in words.
std::vector<std::string> taken_for_same(const Match& match);

}  // namespace aiobench::report
