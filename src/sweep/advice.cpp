#include "sweep/advice.h"

#include <fmt/core.h>

#include <algorithm>

#include "base/units.h"

namespace aiobench::sweep {
namespace {

std::string cell_words(const Entry& entry) {
  const measure::Config& config = entry.run->config;
  return fmt::format("{} at depth {}{}, {}", entry.engine, config.depth,
                     config.threads == 1 ? "" : fmt::format(", {} threads", config.threads),
                     format_size(config.block_bytes));
}

std::string rate_words(double bytes_per_second) {
  return format_size(static_cast<std::uint64_t>(bytes_per_second)) + "/s";
}

// What most of the threads' time went into.
std::string reason(const measure::Repetition& r) {
  const double all = r.submitting_seconds + r.waiting_seconds + r.hashing_seconds + r.rest_seconds;
  if (all <= 0) return "where its time goes was not measured";
  constexpr double kMost = 0.5;
  const auto share = [&](double seconds) { return seconds / all; };
  const auto percent = [&](double seconds) { return 100 * share(seconds); };
  if (share(r.hashing_seconds) >= kMost) {
    return fmt::format(
        "hash-bound: {:.0f} % of its threads' time is the hash, which no mechanism "
        "makes faster",
        percent(r.hashing_seconds));
  }
  if (share(r.waiting_seconds) >= kMost) {
    return fmt::format(
        "bound by what it waits for, the device or the system's own threads: {:.0f} "
        "% of its threads' time",
        percent(r.waiting_seconds));
  }
  if (share(r.submitting_seconds) >= kMost) {
    return fmt::format(
        "bound by the calls themselves, inside which the data is copied or mapped: {:.0f} % of its "
        "threads' time",
        percent(r.submitting_seconds));
  }
  return fmt::format(
      "no one thing limits it: hash {:.0f} %, calls {:.0f} %, waiting {:.0f} % of "
      "its threads' time",
      percent(r.hashing_seconds), percent(r.submitting_seconds), percent(r.waiting_seconds));
}

// The best of those that do not tie with the best.
const Entry* next_best(const Group& group, bool by_wine) {
  const Entry* next = nullptr;
  for (const Entry& entry : group.entries) {
    if (entry.mark != Mark::none || entry.by_wine != by_wine) continue;
    if (next == nullptr || entry.bytes_per_second > next->bytes_per_second) next = &entry;
  }
  return next;
}

}  // namespace

std::string advice(const Group& group) {
  const Entry* const best = group.best();
  if (best == nullptr) return "Nothing was measured.";
  const Entry* const pick = group.can_tell ? group.plainest() : best;
  const auto of_mark = [&](Mark mark) {
    return std::count_if(group.entries.begin(), group.entries.end(),
                         [&](const Entry& entry) { return entry.mark == mark; });
  };
  const auto tied = of_mark(Mark::tie);
  const Entry* const next = next_best(group, best->by_wine);
  std::string why;
  if (!group.can_tell) {
    why = fmt::format("the fastest of few rounds: it takes {} to tell cells apart", least_rounds());
  } else if (tied > 0 && next == nullptr) {
    why = fmt::format("{} cells tie, and it asks for least",
                      tied == 1 ? "both" : fmt::format("all {}", tied + 1));
  } else if (tied > 0) {
    why = fmt::format("{} cells tie at the top, and it asks for least", tied + 1);
  } else if (next != nullptr) {
    why = fmt::format("{:.2f} times the next, {}", best->bytes_per_second / next->bytes_per_second,
                      cell_words(*next));
  } else {
    why = "the only cell";
  }
  return fmt::format("Take {} ({}): {}; {}{}.", cell_words(*pick),
                     rate_words(pick->bytes_per_second), why, reason(*pick->run->median()),
                     pick->run->suspect() ? "; its figures are suspect" : "");
}

}  // namespace aiobench::sweep
