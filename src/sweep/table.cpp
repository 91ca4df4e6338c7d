#include "sweep/table.h"

#include <fmt/core.h>

#include <algorithm>
#include <set>

#include "base/error.h"
#include "base/units.h"
#include "report/bar.h"
#include "report/terminal_text.h"
#include "sweep/advice.h"

namespace aiobench::sweep {
namespace {

constexpr std::size_t kColumns = 80;

// What rates of a group are told in, so that they can be compared at a glance.
struct Unit {
  double bytes;
  const char* name;
};

Unit unit_of(const Group& group) {
  double most = 0;
  for (const Entry& entry : group.entries) most = std::max(most, entry.bytes_per_second);
  const Unit gib{static_cast<double>(kGiB), "GiB/s"};
  const Unit mib{static_cast<double>(kMiB), "MiB/s"};
  return most >= gib.bytes ? gib : mib;
}

std::string figure(double bytes_per_second, Unit unit) {
  const double value = bytes_per_second / unit.bytes;
  return fmt::format("{:.{}f}", value, value >= 100 ? 0 : value >= 10 ? 1 : 2);
}

std::string sign(const Entry& entry) {
  std::string text = entry.mark == Mark::best ? "*" : entry.mark == Mark::tie ? "=" : "";
  return entry.run->suspect() ? text + "?" : text;
}

// What is not the same in all cells of a group, besides engine and depth.
struct Differing {
  bool threads = false;
  bool blocks = false;
};

Differing differing_in(const Group& group) {
  const measure::Config& first = group.entries.front().run->config;
  Differing differing;
  for (const Entry& entry : group.entries) {
    const measure::Config& config = entry.run->config;
    differing.threads = differing.threads || config.threads != first.threads;
    differing.blocks = differing.blocks || config.block_bytes != first.block_bytes;
  }
  return differing;
}

// What a row is of: threads and block only where they differ within the group.
std::string label(const Entry& entry, const Differing& differing) {
  const measure::Config& config = entry.run->config;
  std::string text = entry.engine;
  if (differing.threads) text += fmt::format(" {}t", config.threads);
  if (differing.blocks) text += " " + format_exact_size(config.block_bytes);
  return text;
}

struct Row {
  std::string label;
  unsigned depth = 0;
  const Entry* entry = nullptr;  // nothing was measured where there is none
};

// Cells of one label below each other, by depth; a line for each depth that any of the group has.
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
  if (entry.run->suspect()) return report::Tone::doubtful;
  return entry.mark == Mark::tie ? report::Tone::strong : report::Tone::plain;
}

// A line a cell: bars below each other are compared at a glance, figures in several columns are
// not.
std::string table(const Group& group, Unit unit, const report::Style& style) {
  constexpr std::size_t kLeastBar = 6;
  constexpr std::size_t kMostBar = 30;
  constexpr std::size_t kFigures = 34;  // depth, figure with signs, interval, and blanks between
  const std::vector<Row> rows = rows_of(group);
  std::size_t label_width = std::string("engine").size();
  for (const Row& row : rows) label_width = std::max(label_width, row.label.size());
  const std::size_t left = kColumns - std::min(kColumns, kFigures + label_width);
  const std::size_t bar_width = std::clamp(left, kLeastBar, kMostBar);
  double most = 0;
  for (const Entry& entry : group.entries) most = std::max(most, entry.bytes_per_second);
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
    const double share = most > 0 ? entry.bytes_per_second / most : 0;
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

std::string rounds_words(const Group& group) {
  const auto [least, most] =
      std::minmax_element(group.entries.begin(), group.entries.end(),
                          [](const Entry& a, const Entry& b) { return a.rounds < b.rounds; });
  const std::string count = least->rounds == most->rounds
                                ? fmt::format("{}", most->rounds)
                                : fmt::format("{} to {}", least->rounds, most->rounds);
  return fmt::format("{} round{}", count, most->rounds == 1 ? "" : "s");
}

// What holds for all of the table.
std::string facts_of(const Group& group, Unit unit) {
  const measure::Run& first = *group.entries.front().run;
  const platform::StorageFacts& storage = first.target.storage;
  const Differing differing = differing_in(group);
  std::string text = format_size(first.target.file_bytes);
  if (!storage.file_system.empty()) text += ", " + storage.file_system;
  if (!storage.device.empty()) text += " on " + storage.device;
  text += fmt::format(", cache {}, {}", group.cache, first.config.hash);
  if (!differing.threads) {
    text +=
        fmt::format(", {} thread{}", first.config.threads, first.config.threads == 1 ? "" : "s");
  }
  if (!differing.blocks) text += ", block " + format_size(first.config.block_bytes);
  text += fmt::format(", {}: median {}", rounds_words(group), unit.name);
  const bool intervals = std::any_of(group.entries.begin(), group.entries.end(),
                                     [](const Entry& entry) { return entry.interval.has_value(); });
  return intervals ? text + ", 95 % interval" : text;
}

}  // namespace

std::string text_of(const Group& group, const report::Style& style) {
  const Unit unit = unit_of(group);
  std::string text = style.in(report::Tone::strong, printable(group.path)) + "\n" +
                     report::wrapped(printable(facts_of(group, unit)), kColumns, "  ") + "\n\n" +
                     table(group, unit, style) + "\n";
  for (const std::string& line : report::lines_of(printable(advice(group)), kColumns - 2)) {
    text += "  " + style.in(report::Tone::strong, line) + "\n";
  }
  return text;
}

std::string legend(const std::vector<Group>& groups) {
  bool ties = false;
  bool suspect = false;
  bool wine = false;
  for (const Group& group : groups) {
    for (const Entry& entry : group.entries) {
      ties = ties || entry.mark == Mark::tie;
      suspect = suspect || entry.run->suspect();
      wine = wine || entry.by_wine;
    }
  }
  std::string text = "* best of its file";
  if (ties) text += "   = ties with it";
  if (suspect) text += "   ? suspect: see the warnings in the result";
  text += "\n";
  if (wine) {
    text +=
        "wine/...: the Windows mechanism, under Wine.\n"
        "Timing under Wine says nothing about Windows.\n";
  }
  return text;
}

}  // namespace aiobench::sweep
