#include "result/warning.h"

#include <algorithm>
#include <iterator>

#include "base/check.h"

namespace aiobench::measure {
namespace {

constexpr bool kSuspect = true;
constexpr bool kUnmet = true;

constexpr WarningKind kKinds[] = {
    {WarningCode::cache_not_verified, "cache_not_verified", !kSuspect, kUnmet},
    {WarningCode::cache_not_cold, "cache_not_cold", kSuspect, kUnmet},
    {WarningCode::cache_not_warm, "cache_not_warm", kSuspect, kUnmet},
    {WarningCode::rate_not_reached, "rate_not_reached", kSuspect, kUnmet},
    {WarningCode::verified_in_cache, "verified_in_cache", !kSuspect, kUnmet},
    {WarningCode::wine, "wine", kSuspect, !kUnmet},
    {WarningCode::debug_build, "debug_build", kSuspect, !kUnmet},
    {WarningCode::busy_machine, "busy_machine", kSuspect, !kUnmet},
    {WarningCode::coarse_clock, "coarse_clock", kSuspect, !kUnmet},
    {WarningCode::sparse_file, "sparse_file", kSuspect, !kUnmet},
    {WarningCode::cached_though_direct, "cached_though_direct", kSuspect, !kUnmet},
    {WarningCode::mostly_inline, "mostly_inline", !kSuspect, !kUnmet},
    {WarningCode::depth_not_reached, "depth_not_reached", !kSuspect, !kUnmet},
    {WarningCode::hash_bound, "hash_bound", !kSuspect, !kUnmet},
    {WarningCode::cpu_bound, "cpu_bound", !kSuspect, !kUnmet},
    {WarningCode::few_requests, "few_requests", !kSuspect, !kUnmet},
    {WarningCode::drift, "drift", !kSuspect, !kUnmet},
    {WarningCode::traced, "traced", kSuspect, !kUnmet},
};

constexpr bool in_order() {
  for (std::size_t i = 0; i < std::size(kKinds); ++i) {
    if (static_cast<std::size_t>(kKinds[i].code) != i) return false;
  }
  return true;
}

static_assert(in_order());

}  // namespace

std::span<const WarningKind> warning_kinds() {
  return kKinds;
}

const WarningKind& kind_of(WarningCode code) {
  const auto place = static_cast<std::size_t>(code);
  AIOBENCH_CHECK(place < std::size(kKinds));
  return kKinds[place];
}

const WarningKind* find_warning(std::string_view name) {
  const auto found = std::find_if(std::begin(kKinds), std::end(kKinds),
                                  [&](const WarningKind& kind) { return kind.name == name; });
  return found == std::end(kKinds) ? nullptr : found;
}

void add_warning(std::vector<Warning>& warnings, Warning warning) {
  const bool known = std::any_of(warnings.begin(), warnings.end(),
                                 [&](const Warning& other) { return other.code == warning.code; });
  if (!known) warnings.push_back(std::move(warning));
}

}  // namespace aiobench::measure
