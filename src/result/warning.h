// What a reader has to know before he trusts or quotes a figure, and what to do about it.
#pragma once

#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace aiobench::measure {

// docs/result-format.md says of each what it means.
enum class WarningCode {
  cache_not_verified,
  cache_not_cold,
  cache_not_warm,
  rate_not_reached,
  verified_in_cache,
  wine,
  debug_build,
  busy_machine,
  coarse_clock,
  sparse_file,
  cached_though_direct,
  mostly_inline,
  depth_not_reached,
  hash_bound,
  cpu_bound,
  few_requests,
  drift,
  traced,
};

struct WarningKind {
  WarningCode code;
  const char* name;  // stable, for programs: "cache_not_cold"
  // The figures are not those of what they are said to be: none of them is to be quoted.
  bool suspect;
  // What was asked for was not had. Whoever asked is told on stderr too, whatever the format.
  bool unmet;
};

// One for each code, in the order of the codes.
std::span<const WarningKind> warning_kinds();
const WarningKind& kind_of(WarningCode code);
// The kind with that name; nullptr where there is none.
const WarningKind* find_warning(std::string_view name);

struct Warning {
  WarningCode code{};
  std::string message;  // with the figures that it follows from
  std::string advice;

  const WarningKind& kind() const { return kind_of(code); }
};

// Adds a warning unless one with the same code is there already.
void add_warning(std::vector<Warning>& warnings, Warning warning);

}  // namespace aiobench::measure
