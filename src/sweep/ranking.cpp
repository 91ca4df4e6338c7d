#include "sweep/ranking.h"

#include <algorithm>
#include <array>
#include <string_view>

#include "stats/ratio.h"
#include "result/configuration.h"

namespace aiobench::sweep {
namespace {

constexpr double kConfidence = 0.95;
constexpr double kNobodyChoosesBy = 0.01;

std::vector<double> rates_of(const measure::Run& run) {
  std::vector<double> rates;
  for (const measure::Repetition& r : run.repetitions) {
    if (!r.partial && r.bytes_per_second() > 0) rates.push_back(r.bytes_per_second());
  }
  return rates;
}

Entry entry_of(const measure::Result& result, const measure::Run& run) {
  Entry entry;
  entry.run = &run;
  entry.by_wine = !result.origin_of(run).host.wine.empty();
  entry.engine = report::engine_label(run.config, entry.by_wine);
  const std::vector<double> rates = rates_of(run);
  entry.rounds = rates.size();
  if (rates.empty()) return entry;
  entry.bytes_per_second = measure::median(rates);
  entry.interval = measure::median_interval(rates, kConfidence);
  return entry;
}

std::vector<double> costs_of(const measure::Run& run) {
  std::vector<double> costs = rates_of(run);
  for (double& cost : costs) cost = 1 / cost;
  return costs;
}

bool ties(const Entry& best, const Entry& other) {
  if (other.bytes_per_second >= best.bytes_per_second * (1 - kNobodyChoosesBy)) return true;
  const measure::CostRatio ratio = measure::ratio_of_samples(
      costs_of(*best.run), costs_of(*other.run), {.threshold = 0, .confidence = kConfidence});
  return ratio.interval && ratio.interval->low <= 1;
}

void rank(Group& group) {
  const bool all_by_wine = std::all_of(group.entries.begin(), group.entries.end(),
                                       [](const Entry& entry) { return entry.by_wine; });
  std::vector<Entry*> ranked;
  for (Entry& entry : group.entries) {
    if (all_by_wine || !entry.by_wine) ranked.push_back(&entry);
  }
  Entry* const best = *std::max_element(
      ranked.begin(), ranked.end(),
      [](const Entry* a, const Entry* b) { return a->bytes_per_second < b->bytes_per_second; });
  best->mark = Mark::best;
  group.can_tell = std::all_of(ranked.begin(), ranked.end(),
                               [](const Entry* entry) { return entry->rounds >= least_rounds(); });
  if (!group.can_tell) return;
  for (Entry* entry : ranked) {
    if (entry != best && ties(*best, *entry)) entry->mark = Mark::tie;
  }
}

// The fewer parts a mechanism has, the lower.
std::size_t parts_of(const std::string& engine) {
  constexpr std::array<std::string_view, 9> kPlainFirst = {"sync",       "mmap",     "threadpool",
                                                           "overlapped", "extended", "posix-aio",
                                                           "libaio",     "iocp",     "io_uring"};
  const auto* const found = std::find(kPlainFirst.begin(), kPlainFirst.end(), engine);
  return static_cast<std::size_t>(found - kPlainFirst.begin());
}

bool asks_for_less(const Entry& a, const Entry& b) {
  const measure::Config& x = a.run->config;
  const measure::Config& y = b.run->config;
  if (x.depth != y.depth) return x.depth < y.depth;
  if (x.threads != y.threads) return x.threads < y.threads;
  return parts_of(x.engine) < parts_of(y.engine);
}

}  // namespace

std::size_t least_rounds() {
  return measure::least_samples(1, {.threshold = 0, .confidence = kConfidence});
}

const Entry* Group::best() const {
  const auto found = std::find_if(entries.begin(), entries.end(),
                                  [](const Entry& entry) { return entry.mark == Mark::best; });
  return found == entries.end() ? nullptr : &*found;
}

const Entry* Group::plainest() const {
  const Entry* least = nullptr;
  for (const Entry& entry : entries) {
    if (entry.mark == Mark::none) continue;
    if (least == nullptr || asks_for_less(entry, *least)) least = &entry;
  }
  return least;
}

std::vector<Group> standing(const measure::Result& result) {
  std::vector<Group> groups;
  for (const measure::Run& run : result.runs) {
    Entry entry = entry_of(result, run);
    if (entry.rounds == 0) continue;
    const auto same = [&](const Group& group) {
      return group.path == run.target.path && group.cache == run.config.cache;
    };
    auto group = std::find_if(groups.begin(), groups.end(), same);
    if (group == groups.end()) {
      groups.push_back({.path = run.target.path, .cache = run.config.cache, .entries = {}});
      group = std::prev(groups.end());
    }
    group->entries.push_back(std::move(entry));
  }
  for (Group& group : groups) rank(group);
  return groups;
}

}  // namespace aiobench::sweep
