#include "result/cell.h"

#include <fmt/core.h>

#include <algorithm>
#include <map>
#include <set>
#include <utility>

#include "result/configuration.h"

namespace aiobench::report {
namespace {

using measure::Config;
using measure::Origin;
using measure::Repetition;
using measure::Run;
using Key = std::vector<std::string>;

// What two cells may differ in, and yet be taken for the same.
enum Difference : unsigned {
  kSystem = 1,  // Linux, Windows, Wine
  kEngine = 2,  // what auto settled on
  kFolder = 4,  // of the file
};

// Of a path of either system, whichever this one is.
std::string file_name(const std::string& path) {
  return path.substr(path.find_last_of("/\\") + 1);
}

// All that tells one cell from another, but for the differences that are let pass. A list, so that
// no text in it can be taken for two.
Key key_of(const MeasuredRun& measured, unsigned let_pass) {
  const Run& run = *measured.run;
  const Config& config = run.config;
  Key key = {run.job, config.hash, config.cache};
  const auto add = [&](const auto& value) { key.push_back(fmt::format("{}", value)); };
  if ((let_pass & kSystem) == 0) {
    add(measured.origin->host.system);
    add(measured.origin->host.wine.empty());
  }
  const bool chosen = (let_pass & kEngine) != 0 && !config.requested_engine.empty();
  add(chosen ? config.requested_engine : config.engine);
  if (!chosen) {
    add(config.engine_options);
    add(config.depth);
    add(config.threads);
    add(config.block_bytes);
  }
  add((let_pass & kFolder) != 0 ? file_name(run.target.path) : run.target.path);
  if (config.read) {
    const measure::ReadConfig& read = *config.read;
    add(read.pattern);
    add(read.seed);
    add(read.duration_seconds);
    add(read.limit_bytes);
    add(read.rate_per_second);
    add(read.files_at_once);
  }
  if (config.copy) {
    const measure::CopyConfig& copy = *config.copy;
    add(chosen ? "" : copy.writer);
    add(copy.write_cache);
    add(copy.sparse);
    add(copy.flush);
    add(copy.verify);
  }
  return key;
}

void add_run(Cell& cell, const MeasuredRun& measured) {
  const Run& run = *measured.run;
  if (run.failure) {
    cell.failures.push_back(&run);
  } else {
    for (const Repetition& repetition : run.repetitions) {
      if (repetition.partial) {
        ++cell.partial;
      } else {
        cell.repetitions.push_back(&repetition);
      }
    }
  }
  cell.runs.push_back(measured);
}

// The cells that are still to be matched, by their key.
std::map<Key, std::vector<const Cell*>> by_key(const std::vector<const Cell*>& cells,
                                               unsigned let_pass) {
  std::map<Key, std::vector<const Cell*>> found;
  for (const Cell* cell : cells) found[key_of(cell->runs.front(), let_pass)].push_back(cell);
  return found;
}

std::vector<const Cell*> pointers_to(const std::vector<Cell>& cells) {
  std::vector<const Cell*> pointers;
  for (const Cell& cell : cells) pointers.push_back(&cell);
  return pointers;
}

bool same_machine(const platform::HostFacts& a, const platform::HostFacts& b) {
  return a.system == b.system && a.version == b.version && a.wine == b.wine &&
         a.cpu_model == b.cpu_model && a.cpus == b.cpus && a.memory_bytes == b.memory_bytes;
}

}  // namespace

std::vector<Cell> cells_of(const std::vector<measure::Result>& results) {
  std::vector<Cell> cells;
  std::map<Key, std::size_t> places;
  for (const measure::Result& result : results) {
    for (const Run& run : result.runs) {
      const MeasuredRun measured{&run, &result.origin_of(run)};
      const auto [place, added] = places.try_emplace(key_of(measured, 0), cells.size());
      if (added) cells.emplace_back();
      add_run(cells[place->second], measured);
    }
  }
  for (Cell& cell : cells) {
    std::stable_sort(cell.repetitions.begin(), cell.repetitions.end(),
                     [](const Repetition* a, const Repetition* b) {
                       return a->started_unix_ns < b->started_unix_ns;
                     });
  }
  return cells;
}

Matching match_cells(const std::vector<Cell>& base, const std::vector<Cell>& now) {
  Matching matching{.matches = {}, .only_base = pointers_to(base), .only_now = pointers_to(now)};
  constexpr unsigned kAll = kSystem | kEngine | kFolder;
  for (unsigned let_pass = 0; let_pass <= kAll; ++let_pass) {
    const auto before = by_key(matching.only_base, let_pass);
    const auto after = by_key(matching.only_now, let_pass);
    std::set<const Cell*> matched;
    for (const auto& [key, cells] : before) {
      const auto found = after.find(key);
      if (found == after.end() || cells.size() != 1 || found->second.size() != 1) continue;
      matching.matches.push_back({cells.front(), found->second.front()});
      matched.insert({cells.front(), found->second.front()});
    }
    const auto is_matched = [&](const Cell* cell) { return matched.count(cell) != 0; };
    std::erase_if(matching.only_base, is_matched);
    std::erase_if(matching.only_now, is_matched);
  }
  std::sort(matching.matches.begin(), matching.matches.end(),
            [](const Match& a, const Match& b) { return a.base < b.base; });
  return matching;
}

std::string cell_name(const Run& run) {
  std::string name = run.job;
  if (run.config.hash != "none") name += " " + run.config.hash;
  name += ", " + engine_text(run.config);
  if (run.config.read) name += ", " + read_text(*run.config.read);
  if (run.config.copy) name += ", " + write_text(*run.config.copy);
  return name;
}

bool measured_in_turn(const Cell& base, const Cell& now) {
  const std::size_t count = base.repetitions.size();
  if (count < 2 || count != now.repetitions.size()) return false;
  if (!same_machine(base.origin().host, now.origin().host)) return false;
  // Both are in the order of their times: each pair has to be over before the next begins.
  std::uint64_t latest = 0;
  for (std::size_t i = 0; i < count; ++i) {
    const std::uint64_t before = base.repetitions[i]->started_unix_ns;
    const std::uint64_t after = now.repetitions[i]->started_unix_ns;
    if (before == after || std::min(before, after) <= latest) return false;
    latest = std::max(before, after);
  }
  return true;
}

}  // namespace aiobench::report
