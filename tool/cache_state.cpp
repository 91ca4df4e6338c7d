#include "tool/cache_state.h"

#include <fmt/core.h>

#include "os/file.h"
#include "os/page_cache.h"

namespace aiobench::tool {
namespace {

constexpr Named<CacheState> kNames[] = {{CacheState::asis, "asis"},
                                        {CacheState::warm, "warm"},
                                        {CacheState::cold, "cold"},
                                        {CacheState::direct, "direct"}};

// A few pages do not change the figures.
constexpr double kNearlyAll = 0.999;
constexpr double kNearlyNone = 0.001;

void warn_unverified(const Error& error, const char* state,
                     std::vector<result::Warning>& warnings) {
  result::add_warning(
      warnings, {result::WarningCode::cache_not_verified,
                 fmt::format("cannot verify that the page cache is {}: {}", state, error.cause),
                 "run as the owner of the file, or judge by the latencies"});
}

Status make_cold(const os::File& file, std::vector<result::Warning>& warnings) {
  if (Status evicted = os::evict(file); !evicted) {
    result::add_warning(warnings, {result::WarningCode::cache_not_cold, evicted.error().line(),
                                   "use --cache direct to bypass the page cache"});
    return {};
  }
  const Result<double> share = os::resident_share(file);
  if (!share) {
    warn_unverified(share.error(), "cold", warnings);
  } else if (*share > kNearlyNone) {
    result::add_warning(
        warnings,
        {result::WarningCode::cache_not_cold,
         fmt::format("{:.1f} % of the file stayed in the page cache despite --cache cold",
                     *share * 100),
         "close other programs that use the file, or use --cache direct; a file system in memory "
         "(tmpfs) cannot be cold"});
  }
  return {};
}

Status make_warm(const os::File& file, std::vector<result::Warning>& warnings) {
  if (Status read = os::warm(file); !read) return read;
  const Result<double> share = os::resident_share(file);
  if (!share) {
    warn_unverified(share.error(), "warm", warnings);
  } else if (*share < kNearlyAll) {
    result::add_warning(
        warnings, {result::WarningCode::cache_not_warm,
                   fmt::format("only {:.1f} % of the file is in the page cache despite --cache "
                               "warm",
                               *share * 100),
                   "use a file that fits in memory"});
  }
  return {};
}

}  // namespace

std::span<const Named<CacheState>> cache_states() {
  return kNames;
}

const char* name(CacheState state) {
  for (const auto& row : kNames) {
    if (row.value == state) return row.name;
  }
  return "?";
}

Result<CacheState> parse_cache_state(std::string_view text) {
  if (const auto* const row = find_named(kNames, text)) return row->value;
  return usage_error("use cache state '" + std::string(text) + "'", "there is no such state",
                     "the states: " + names_of(kNames));
}

Status prepare_cache(const std::string& path, CacheState state,
                     std::vector<result::Warning>& warnings) {
  if (state == CacheState::asis || state == CacheState::direct) return {};
  // Windows evicts a file from its cache only if no buffered handle to it is open.
  Result<os::File> file = os::File::open(path, {.direct = state == CacheState::cold});
  if (!file) file = os::File::open(path, {});
  if (!file) return file.take_error();
  Result<std::uint64_t> bytes = file->size();
  if (!bytes) return bytes.take_error();
  if (*bytes == 0) return {};
  return state == CacheState::cold ? make_cold(*file, warnings) : make_warm(*file, warnings);
}

}  // namespace aiobench::tool
