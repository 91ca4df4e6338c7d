#include "sweep/table.h"

#include <fmt/format.h>

#include <algorithm>
#include <map>

#include "base/error.h"
#include "base/size.h"
#include "report/words.h"
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

// "1.63* 1.52-1.70"
std::string cell(const Entry& entry, Unit unit) {
  std::string text = figure(entry.bytes_per_second, unit) + sign(entry);
  if (entry.interval) {
    text += fmt::format(" {}-{}", figure(entry.interval->low, unit),
                        figure(entry.interval->high, unit));
  }
  return text;
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
  std::map<unsigned, std::string> cells;  // by depth
};

std::vector<Row> rows_of(const Group& group, Unit unit) {
  const Differing differing = differing_in(group);
  std::vector<Row> rows;
  for (const Entry& entry : group.entries) {
    const std::string name = label(entry, differing);
    auto row =
        std::find_if(rows.begin(), rows.end(), [&](const Row& r) { return r.label == name; });
    if (row == rows.end()) row = rows.insert(rows.end(), Row{name, {}});
    row->cells[entry.run->config.depth] = cell(entry, unit);
  }
  return rows;
}

// Columns of one width; where they do not fit beside each other, in several parts.
std::string table(const std::vector<Row>& rows) {
  std::size_t label_width = std::string("engine").size();
  std::map<unsigned, std::size_t> widths;
  for (const Row& row : rows) {
    label_width = std::max(label_width, row.label.size());
    for (const auto& [depth, text] : row.cells) {
      std::size_t& width = widths[depth];
      width = std::max({width, text.size(), fmt::format("depth {}", depth).size()});
    }
  }
  std::string text;
  for (auto from = widths.begin(); from != widths.end();) {
    auto to = from;
    std::size_t columns = 2 + label_width;
    do {
      columns += 2 + to->second;
      ++to;
    } while (to != widths.end() && columns + 2 + to->second <= kColumns);
    std::string line = fmt::format("  {:<{}}", "engine", label_width);
    for (auto it = from; it != to; ++it) {
      line += fmt::format("  {:<{}}", fmt::format("depth {}", it->first), it->second);
    }
    text += report::without_trailing_blanks(line) + "\n";
    for (const Row& row : rows) {
      line = fmt::format("  {:<{}}", row.label, label_width);
      for (auto it = from; it != to; ++it) {
        const auto found = row.cells.find(it->first);
        line += fmt::format("  {:<{}}", found == row.cells.end() ? "-" : found->second, it->second);
      }
      text += report::without_trailing_blanks(line) + "\n";
    }
    from = to;
    if (from != widths.end()) text += "\n";
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

std::string text_of(const Group& group) {
  const Unit unit = unit_of(group);
  return printable(group.path) + "\n" +
         report::wrapped(printable(facts_of(group, unit)), kColumns, "  ") + "\n\n" +
         table(rows_of(group, unit)) + "\n" +
         report::wrapped(printable(advice(group)), kColumns, "  ") + "\n";
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
        "wine/...: the Windows mechanism under Wine. Timing under Wine says nothing about "
        "Windows.\n";
  }
  return text;
}

}  // namespace aiobench::sweep
