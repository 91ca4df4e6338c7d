#include "sweep/ranking.h"

#include <fmt/core.h>

#include <algorithm>
#include <array>
#include <set>
#include <string_view>

#include "base/error.h"
#include "base/units.h"
#include "report/terminal_text.h"
#include "report/text.h"
#include "result/configuration.h"
#include "stats/ratio.h"

namespace aiobench::sweep {
namespace {

constexpr double kConfidence = 0.95;
constexpr double kNegligibleDifference = 0.01;

std::vector<double> rates_of(const result::Run& run) {
  std::vector<double> rates;
  for (const result::Repetition& r : run.repetitions) {
    if (!r.partial && r.bytes_per_second() > 0) rates.push_back(r.bytes_per_second());
  }
  return rates;
}

Entry entry_of(const result::Results& result, const result::Run& run) {
  Entry entry;
  entry.run = &run;
  entry.under_wine = !result.origin_of(run).host.wine.empty();
  entry.engine = result::engine_label(run.config, entry.under_wine);
  const std::vector<double> rates = rates_of(run);
  entry.rounds = rates.size();
  if (rates.empty()) return entry;
  entry.bytes_per_second = stats::median(rates);
  entry.interval = stats::median_interval(rates, kConfidence);
  return entry;
}

std::vector<double> costs_of(const result::Run& run) {
  std::vector<double> costs = rates_of(run);
  for (double& cost : costs) cost = 1 / cost;
  return costs;
}

bool ties(const Entry& best, const Entry& other) {
  if (other.bytes_per_second >= best.bytes_per_second * (1 - kNegligibleDifference)) return true;
  const stats::CostRatio ratio = stats::ratio_of_samples(
      costs_of(*best.run), costs_of(*other.run), {.threshold = 0, .confidence = kConfidence});
  return ratio.interval && ratio.interval->low <= 1;
}

void rank(Group& group) {
  const bool all_under_wine = std::all_of(group.entries.begin(), group.entries.end(),
                                          [](const Entry& entry) { return entry.under_wine; });
  std::vector<Entry*> ranked;
  for (Entry& entry : group.entries) {
    if (all_under_wine || !entry.under_wine) ranked.push_back(&entry);
  }
  Entry* const best = *std::max_element(
      ranked.begin(), ranked.end(),
      [](const Entry* a, const Entry* b) { return a->bytes_per_second < b->bytes_per_second; });
  best->mark = Mark::best;
  group.can_tell = std::all_of(ranked.begin(), ranked.end(),
                               [](const Entry* entry) { return entry->rounds >= min_rounds(); });
  if (!group.can_tell) return;
  for (Entry* entry : ranked) {
    if (entry != best && ties(*best, *entry)) entry->mark = Mark::tie;
  }
}

// The rank of a mechanism by complexity, the simplest first.
std::size_t complexity_of(const std::string& engine) {
  constexpr std::array<std::string_view, 9> kSimplestFirst = {
      "sync",      "mmap",   "threadpool", "overlapped", "extended",
      "posix-aio", "libaio", "iocp",       "io_uring"};
  const auto* const found = std::find(kSimplestFirst.begin(), kSimplestFirst.end(), engine);
  return static_cast<std::size_t>(found - kSimplestFirst.begin());
}

bool needs_less(const Entry& a, const Entry& b) {
  const Settings& x = a.run->config;
  const Settings& y = b.run->config;
  if (x.depth != y.depth) return x.depth < y.depth;
  if (x.threads != y.threads) return x.threads < y.threads;
  return complexity_of(x.engine) < complexity_of(y.engine);
}

std::string entry_text(const Entry& entry) {
  const Settings& config = entry.run->config;
  return fmt::format("{} at depth {}{}, {}", entry.engine, config.depth,
                     config.threads == 1 ? "" : fmt::format(", {} threads", config.threads),
                     format_size(config.block_bytes));
}

std::string rate_text(double bytes_per_second) {
  return format_size(static_cast<std::uint64_t>(bytes_per_second)) + "/s";
}

// The bottleneck: what took most of the threads' time.
std::string bottleneck_text(const result::Repetition& r) {
  const double all = r.submitting_seconds + r.waiting_seconds + r.hashing_seconds + r.rest_seconds;
  if (all <= 0) return "There is no time breakdown";
  constexpr double kMajority = 0.5;
  const auto share = [&](double seconds) { return seconds / all; };
  const auto percent = [&](double seconds) { return 100 * share(seconds); };
  if (share(r.hashing_seconds) >= kMajority) {
    return fmt::format(
        "Hash-bound: hashing took {:.0f} % of the worker threads' time, and no mechanism makes "
        "hashing faster",
        percent(r.hashing_seconds));
  }
  if (share(r.waiting_seconds) >= kMajority) {
    return fmt::format(
        "Bound by the device or the kernel's threads: waiting took {:.0f} % of the worker threads' "
        "time",
        percent(r.waiting_seconds));
  }
  if (share(r.submitting_seconds) >= kMajority) {
    return fmt::format(
        "Bound by the submitting calls, in which data is copied or mapped: they took {:.0f} % of "
        "the worker threads' time",
        percent(r.submitting_seconds));
  }
  return fmt::format(
      "No single bottleneck: hashing {:.0f} %, submitting {:.0f} %, waiting {:.0f} % of the "
      "worker threads' time",
      percent(r.hashing_seconds), percent(r.submitting_seconds), percent(r.waiting_seconds));
}

// The fastest entry that does not tie with the best.
const Entry* next_best(const Group& group, bool under_wine) {
  const Entry* next = nullptr;
  for (const Entry& entry : group.entries) {
    if (entry.mark != Mark::none || entry.under_wine != under_wine) continue;
    if (next == nullptr || entry.bytes_per_second > next->bytes_per_second) next = &entry;
  }
  return next;
}

constexpr std::size_t kColumns = 80;

// The unit of all rates in a group: one unit makes them easy to compare.
struct Unit {
  double bytes;
  const char* name;
};

Unit unit_of(const Group& group) {
  double max = 0;
  for (const Entry& entry : group.entries) max = std::max(max, entry.bytes_per_second);
  const Unit gib{static_cast<double>(kGiB), "GiB/s"};
  const Unit mib{static_cast<double>(kMiB), "MiB/s"};
  return max >= gib.bytes ? gib : mib;
}

std::string figure(double bytes_per_second, Unit unit) {
  const double value = bytes_per_second / unit.bytes;
  return fmt::format("{:.{}f}", value, value >= 100 ? 0 : value >= 10 ? 1 : 2);
}

std::string sign(const Entry& entry) {
  std::string text = entry.mark == Mark::best ? "*" : entry.mark == Mark::tie ? "=" : "";
  return entry.run->suspect() ? text + "?" : text;
}

// Whether the configurations of a group differ in settings besides engine and depth.
struct Differing {
  bool threads = false;
  bool blocks = false;
};

Differing differing_in(const Group& group) {
  const Settings& first = group.entries.front().run->config;
  Differing differing;
  for (const Entry& entry : group.entries) {
    const Settings& config = entry.run->config;
    differing.threads = differing.threads || config.threads != first.threads;
    differing.blocks = differing.blocks || config.block_bytes != first.block_bytes;
  }
  return differing;
}

// The label of a row: the engine, with threads and block size only if they differ within the group.
std::string label(const Entry& entry, const Differing& differing) {
  const Settings& config = entry.run->config;
  std::string text = entry.engine;
  if (differing.threads) text += fmt::format(" {}t", config.threads);
  if (differing.blocks) text += " " + format_exact_size(config.block_bytes);
  return text;
}

struct Row {
  std::string label;
  unsigned depth = 0;
  const Entry* entry = nullptr;  // nullptr if this configuration was not measured
};

// Rows sorted by label, then by depth, with one row for each depth that occurs in the group.
std::vector<Row> rows_of(const Group& group) {
  const Differing differing = differing_in(group);
  std::vector<std::string> labels;
  std::set<unsigned> depths;
  for (const Entry& entry : group.entries) {
    const std::string name = label(entry, differing);
    if (std::find(labels.begin(), labels.end(), name) == labels.end()) labels.push_back(name);
    depths.insert(entry.run->config.depth);
  }
  std::vector<Row> rows;
  for (const std::string& name : labels) {
    for (const unsigned depth : depths) {
      const auto found =
          std::find_if(group.entries.begin(), group.entries.end(), [&](const Entry& entry) {
            return entry.run->config.depth == depth && label(entry, differing) == name;
          });
      rows.push_back({name, depth, found == group.entries.end() ? nullptr : &*found});
    }
  }
  return rows;
}

report::Tone tone_of(const Entry& entry) {
  if (entry.mark == Mark::best) return report::Tone::good;
  if (entry.run->suspect()) return report::Tone::unreliable;
  return entry.mark == Mark::tie ? report::Tone::strong : report::Tone::plain;
}

// One line per configuration: bars in one column are easier to compare than figures in several
// columns.
std::string table(const Group& group, Unit unit, const report::Style& style) {
  constexpr std::size_t kMinBar = 6;
  constexpr std::size_t kMaxBar = 30;
  constexpr std::size_t kFigures = 34;  // depth, figure with signs, interval, and blanks between
  const std::vector<Row> rows = rows_of(group);
  std::size_t label_width = std::string("engine").size();
  for (const Row& row : rows) label_width = std::max(label_width, row.label.size());
  const std::size_t left = kColumns - std::min(kColumns, kFigures + label_width);
  const std::size_t bar_width = std::clamp(left, kMinBar, kMaxBar);
  double max = 0;
  for (const Entry& entry : group.entries) max = std::max(max, entry.bytes_per_second);
  std::string text =
      style.in(report::Tone::faint, fmt::format("  {:<{}}  depth  {:<{}}  {:>6}", "engine",
                                                label_width, "", bar_width, unit.name)) +
      "\n";
  const std::string* last = nullptr;
  for (const Row& row : rows) {
    text += fmt::format("  {:<{}}  {:>5}  ", last != nullptr && *last == row.label ? "" : row.label,
                        label_width, row.depth);
    last = &row.label;
    if (row.entry == nullptr) {
      text += "-\n";
      continue;
    }
    const Entry& entry = *row.entry;
    const double share = max > 0 ? entry.bytes_per_second / max : 0;
    const report::Tone tone = tone_of(entry);
    const std::string interval = entry.interval
                                     ? fmt::format("{}-{}", figure(entry.interval->low, unit),
                                                   figure(entry.interval->high, unit))
                                     : "";
    text += style.in(tone, report::bar(share, bar_width, style)) + "  " +
            style.in(tone,
                     fmt::format("{:>6}{:<2}", figure(entry.bytes_per_second, unit), sign(entry)));
    text = report::without_trailing_blanks(text + " " + interval) + "\n";
  }
  return text;
}

std::string rounds_text(const Group& group) {
  const auto [min, max] =
      std::minmax_element(group.entries.begin(), group.entries.end(),
                          [](const Entry& a, const Entry& b) { return a.rounds < b.rounds; });
  const std::string count = min->rounds == max->rounds
                                ? fmt::format("{}", max->rounds)
                                : fmt::format("{} to {}", min->rounds, max->rounds);
  return fmt::format("{} round{}", count, max->rounds == 1 ? "" : "s");
}

// The settings that all rows of the table share.
std::string info_of(const Group& group, Unit unit) {
  const result::Run& first = *group.entries.front().run;
  const os::StorageInfo& storage = first.target.storage;
  const Differing differing = differing_in(group);
  std::string text = format_size(first.target.file_bytes);
  if (!storage.file_system.empty()) text += ", " + storage.file_system;
  if (!storage.device.empty()) text += " on " + storage.device;
  text += fmt::format(", cache {}, {}", name(group.cache), name(first.config.hash));
  if (!differing.threads) {
    text +=
        fmt::format(", {} thread{}", first.config.threads, first.config.threads == 1 ? "" : "s");
  }
  if (!differing.blocks) text += ", block " + format_size(first.config.block_bytes);
  text += fmt::format(", {}; each row shows the median in {}", rounds_text(group), unit.name);
  const bool intervals = std::any_of(group.entries.begin(), group.entries.end(),
                                     [](const Entry& entry) { return entry.interval.has_value(); });
  return intervals ? text + " and its 95 % interval" : text;
}

// A configuration as one run for sweep::rank(), without histograms. Repetitions without a
// throughput are left out.
result::Run run_of(const result::Configuration& configuration) {
  const result::Run& first = configuration.first();
  result::Run run;
  run.job = first.job;
  run.config = first.config;
  run.target = first.target;
  run.origin = configuration.origin();
  for (const result::MeasuredRun& measured : configuration.runs) {
    for (const result::Warning& warning : measured.run->warnings) {
      result::add_warning(run.warnings, warning);
    }
  }
  for (const result::Repetition* from : configuration.repetitions) {
    const double rate = result::value_of(*from, result::Metric::throughput);
    if (rate <= 0) continue;
    result::Repetition& r = run.repetitions.emplace_back();
    r.bytes = from->bytes;
    r.wall_seconds = static_cast<double>(from->bytes) / rate;
    r.submitting_seconds = from->submitting_seconds;
    r.waiting_seconds = from->waiting_seconds;
    r.hashing_seconds = from->hashing_seconds;
    r.rest_seconds = from->rest_seconds;
  }
  return run;
}

const char* name_of(Mark mark) {
  return mark == Mark::best ? "best" : mark == Mark::tie ? "tie" : "";
}

}  // namespace

std::size_t min_rounds() {
  return stats::min_samples(1, {.threshold = 0, .confidence = kConfidence});
}

const Entry* Group::best() const {
  const auto found = std::find_if(entries.begin(), entries.end(),
                                  [](const Entry& entry) { return entry.mark == Mark::best; });
  return found == entries.end() ? nullptr : &*found;
}

const Entry* Group::cheapest() const {
  const Entry* min = nullptr;
  for (const Entry& entry : entries) {
    if (entry.mark == Mark::none) continue;
    if (min == nullptr || needs_less(entry, *min)) min = &entry;
  }
  return min;
}

std::vector<Group> rank(const result::Results& result) {
  std::vector<Group> groups;
  for (const result::Run& run : result.runs) {
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

std::string advice(const Group& group) {
  const Entry* const best = group.best();
  if (best == nullptr) return "Nothing was measured.";
  const Entry* const pick = group.can_tell ? group.cheapest() : best;
  const auto of_mark = [&](Mark mark) {
    return std::count_if(group.entries.begin(), group.entries.end(),
                         [&](const Entry& entry) { return entry.mark == mark; });
  };
  const auto tied = of_mark(Mark::tie);
  const Entry* const next = next_best(group, best->under_wine);
  std::string why;
  if (!group.can_tell) {
    why =
        fmt::format("It was the fastest, but a comparison needs at least {} rounds", min_rounds());
  } else if (tied > 0 && next == nullptr) {
    why = fmt::format(
        "No difference found between {} configurations; this one needs the fewest resources",
        tied + 1);
  } else if (tied > 0) {
    why = fmt::format(
        "No difference found between the best {} configurations; this one needs the fewest "
        "resources",
        tied + 1);
  } else if (next != nullptr) {
    why = fmt::format("It is {:.2f} times as fast as the next, {}",
                      best->bytes_per_second / next->bytes_per_second, entry_text(*next));
  } else {
    why = "It is the only configuration that was ranked";
  }
  return fmt::format("Use {} ({}). {}. {}.{}", entry_text(*pick), rate_text(pick->bytes_per_second),
                     why, bottleneck_text(*pick->run->median_repetition()),
                     pick->run->suspect() ? " Its results are suspect." : "");
}

std::string text_of(const Group& group, const report::Style& style) {
  const Unit unit = unit_of(group);
  std::string text = style.in(report::Tone::strong, printable(group.path)) + "\n" +
                     report::wrapped(printable(info_of(group, unit)), kColumns, "  ") + "\n\n" +
                     table(group, unit, style) + "\n";
  for (const std::string& line : report::lines_of(printable(advice(group)), kColumns - 2)) {
    text += "  " + style.in(report::Tone::strong, line) + "\n";
  }
  return text;
}

std::string text_of(const result::Results& result, const report::Style& style) {
  const std::vector<Group> groups = rank(result);
  std::string text = report::text_header(result, style) + "\n";
  for (const Group& group : groups) text += text_of(group, style) + "\n";
  return groups.empty() ? text : text + legend(groups);
}

std::string legend(const std::vector<Group>& groups) {
  bool ties = false;
  bool suspect = false;
  bool wine = false;
  for (const Group& group : groups) {
    for (const Entry& entry : group.entries) {
      ties = ties || entry.mark == Mark::tie;
      suspect = suspect || entry.run->suspect();
      wine = wine || entry.under_wine;
    }
  }
  std::string text = "* fastest of its table";
  if (ties) text += "   = no difference from * found";
  text += "\n";
  if (suspect) text += "? suspect: see the warnings in the --json file\n";
  if (wine) {
    text +=
        "wine/...: the Windows mechanism, under Wine; not ranked with native ones.\n"
        "Timing under Wine says nothing about Windows.\n";
  }
  return text;
}

report::Ranking ranking_of(const std::vector<const result::Configuration*>& configurations) {
  result::Results result;
  for (const result::Configuration* configuration : configurations)
    result.runs.push_back(run_of(*configuration));
  report::Ranking ranking{.marks = std::vector<std::string>(configurations.size()), .advice = {}};
  // All configurations have the same file and cache state: one group, or none without measurements.
  for (const Group& group : rank(result)) {
    ranking.advice = advice(group);
    for (const Entry& entry : group.entries) {
      ranking.marks[static_cast<std::size_t>(entry.run - result.runs.data())] = name_of(entry.mark);
    }
  }
  return ranking;
}

}  // namespace aiobench::sweep
