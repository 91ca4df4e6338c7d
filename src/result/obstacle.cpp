#include "result/obstacle.h"

#include <fmt/core.h>

#include <algorithm>
#include <iterator>
#include <set>

#include "base/units.h"

namespace aiobench::report {
namespace {

using measure::Repetition;
using measure::Run;
using Texts = std::vector<std::string>;

constexpr HindranceKind kHindranceKinds[] = {{Hindrance::missing, "missing"},
                                             {Hindrance::digest, "digest"},
                                             {Hindrance::environment, "environment"}};

// One of several circumstances that were not the same.
void note_difference(Texts& texts, const char* what, const std::string& base,
                     const std::string& now) {
  if (base.empty() || now.empty() || base == now) return;
  texts.push_back(fmt::format("{}: {}, then {}", what, base, now));
}

std::string number(std::uint64_t value) {
  return value == 0 ? std::string() : format_count(value);
}

// A kernel keeps more or less of the memory for itself; what counts is another amount.
bool other_memory(std::uint64_t base, std::uint64_t now) {
  constexpr std::uint64_t kPart = 16;
  const auto [less, more] = std::minmax(base, now);
  return less > 0 && more - less > more / kPart;
}

std::string build_text(const measure::ToolFacts& tool) {
  return tool.build_type + (tool.optimized ? "" : ", not optimized");
}

Texts origin_differences(const measure::Origin& base, const measure::Origin& now) {
  Texts texts;
  const platform::HostFacts& a = base.host;
  const platform::HostFacts& b = now.host;
  const auto wine = [](const platform::HostFacts& host) {
    return host.wine.empty() ? std::string("none") : host.wine;
  };
  note_difference(texts, "system", a.system, b.system);
  note_difference(texts, "version of the system", a.version, b.version);
  note_difference(texts, "Wine", wine(a), wine(b));
  note_difference(texts, "processor", a.cpu_model, b.cpu_model);
  note_difference(texts, "number of processors", number(a.cpus), number(b.cpus));
  note_difference(texts, "frequency governor", a.cpu_governor, b.cpu_governor);
  if (other_memory(a.memory_bytes, b.memory_bytes)) {
    note_difference(texts, "memory", format_size(a.memory_bytes), format_size(b.memory_bytes));
  }
  note_difference(texts, "clock", base.clock, now.clock);
  note_difference(texts, "build", build_text(base.tool), build_text(now.tool));
  return texts;
}

Texts storage_differences(const Run& base, const Run& now) {
  Texts texts;
  const platform::StorageFacts& a = base.target.storage;
  const platform::StorageFacts& b = now.target.storage;
  note_difference(texts, "file system", a.file_system, b.file_system);
  note_difference(texts, "device", a.device, b.device);
  note_difference(texts, "device's model", a.model, b.model);
  note_difference(texts, "mount options", a.mount_options, b.mount_options);
  for (std::string& text : texts) text = base.target.path + ": " + text;
  return texts;
}

// Of both sides, those that did not fail.
std::vector<MeasuredRun> usable_runs(const Match& match) {
  std::vector<MeasuredRun> runs;
  for (const Cell* cell : {match.base, match.now}) {
    for (const MeasuredRun& measured : cell->runs) {
      if (!measured.run->failure) runs.push_back(measured);
    }
  }
  return runs;
}

// Of one side, in a line; empty where there is none.
std::string digests_of(const Cell& cell) {
  std::set<std::string> digests;
  for (const Repetition* repetition : cell.repetitions) {
    if (!repetition->digest.empty()) digests.insert(repetition->digest);
  }
  std::string line;
  for (const std::string& digest : digests) line += (line.empty() ? "" : " and ") + digest;
  return line;
}

// Several digests on one side are as bad as different ones.
Texts content_differences(const Match& match) {
  Texts texts;
  const std::vector<MeasuredRun> runs = usable_runs(match);
  const Run& first = *runs.front().run;
  const std::string base = digests_of(*match.base);
  const std::string now = digests_of(*match.now);
  const std::string what = fmt::format("{}: {}", first.target.path, first.config.hash);
  note_difference(texts, what.c_str(), base, now);
  if (texts.empty() && base.find(' ') != std::string::npos) texts.push_back(what + ": " + base);
  for (const MeasuredRun& measured : runs) {
    const std::uint64_t before = first.target.file_bytes;
    const std::uint64_t after = measured.run->target.file_bytes;
    if (before == after) continue;
    texts.push_back(fmt::format("{}: {} B, then {} B", first.target.path, format_count(before),
                                format_count(after)));
    break;
  }
  return texts;
}

std::string engine_and_more(const measure::Config& config) {
  return fmt::format("{}{}{}, depth {}, threads {}, block {}", config.engine,
                     config.engine_options.empty() ? "" : ":", config.engine_options, config.depth,
                     config.threads, format_exact_size(config.block_bytes));
}

}  // namespace

std::span<const HindranceKind> hindrance_kinds() {
  return kHindranceKinds;
}

const HindranceKind* find_hindrance(std::string_view name) {
  const auto found = std::find_if(std::begin(kHindranceKinds), std::end(kHindranceKinds),
                                  [&](const HindranceKind& kind) { return kind.name == name; });
  return found == std::end(kHindranceKinds) ? nullptr : found;
}

const char* name_of(Hindrance hindrance) {
  return kHindranceKinds[static_cast<std::size_t>(hindrance)].name;
}

std::vector<Obstacle> differences(const Match& match) {
  std::vector<Obstacle> obstacles;
  const auto add = [&](Hindrance kind, const Texts& texts) {
    for (const std::string& text : texts) {
      const Obstacle obstacle{.kind = kind, .text = text};
      const bool known = std::find(obstacles.begin(), obstacles.end(), obstacle) != obstacles.end();
      if (!known) obstacles.push_back(obstacle);
    }
  };
  const std::vector<MeasuredRun> runs = usable_runs(match);
  for (const MeasuredRun& measured : runs) {
    add(Hindrance::environment, origin_differences(*runs.front().origin, *measured.origin));
    add(Hindrance::environment, storage_differences(*runs.front().run, *measured.run));
  }
  add(Hindrance::digest, content_differences(match));
  return obstacles;
}

std::vector<std::string> taken_for_same(const Match& match) {
  Texts texts;
  const Run& base = match.base->first();
  const Run& now = match.now->first();
  if (!base.config.requested_engine.empty() && !now.config.requested_engine.empty()) {
    note_difference(texts, "auto chose", engine_and_more(base.config), engine_and_more(now.config));
  }
  note_difference(texts, "path", base.target.path, now.target.path);
  return texts;
}

}  // namespace aiobench::report
