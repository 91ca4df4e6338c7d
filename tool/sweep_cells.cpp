#include "tool/sweep_cells.h"

#include <fmt/core.h>

#include <algorithm>
#include <string_view>

#include "base/units.h"
#include "os/wine.h"
#include "sweep/names.h"

namespace aiobench::tool {
namespace {

constexpr const char* kAll = "all";
constexpr const char* kAllByWine = "wine";
constexpr std::size_t kMostCells = 10'000;

// Each once, in the order of the list.
template <class T>
void add_once(std::vector<T>& list, T value) {
  if (std::find(list.begin(), list.end(), value) == list.end()) list.push_back(std::move(value));
}

struct Choice {
  std::string engine;
  bool wine = false;

  bool operator==(const Choice&) const = default;
};

bool moves_data(std::string_view name) {
  return name != "null" && name != engine::kAuto;
}

// Every mechanism that runs in this program.
void add_all(std::vector<Choice>& choices) {
  for (const engine::Mechanism& mechanism : engine::catalog()) {
    const engine::Maker* const maker = engine::find_maker(mechanism.name);
    if (maker != nullptr && moves_data(mechanism.name) && maker->available()) {
      add_once(choices, Choice{mechanism.name});
    }
  }
}

void add_all_by_wine(std::vector<Choice>& choices) {
  for (const engine::Mechanism& mechanism : engine::catalog()) {
    if (mechanism.systems != engine::Systems::linux_only && moves_data(mechanism.name)) {
      add_once(choices, Choice{mechanism.name, true});
    }
  }
}

// One name of the list. What it takes to run it is looked for now, and not after hours.
Status add_engine(const std::string& text, std::vector<Choice>& choices) {
  if (text == kAll) {
    add_all(choices);
    return {};
  }
  if (text == kAllByWine) {
    add_all_by_wine(choices);
    return {};
  }
  const bool by_wine = text.starts_with(sweep::kByWine);
  const std::string name = by_wine ? text.substr(sweep::kByWine.size()) : text;
  Result<engine::EngineSpec> spec = engine::parse_engine(name);
  if (!spec) return spec.take_error();
  const std::string_view mechanism = spec->mechanism->name;
  if (mechanism == "null") {
    return usage_error("use engine 'null' in a sweep", "it reads no data, and has no digest",
                       "aiobench engines --self-test tells what the tool itself costs");
  }
  const bool windows_only = spec->mechanism->systems == engine::Systems::windows_only;
  const bool windows_here = std::string_view(engine::this_system()) == "Windows";
  const Choice choice{spec->text(), by_wine || (windows_only && !windows_here)};
  const engine::Maker* const maker = engine::find_maker(mechanism);
  if (!choice.wine && maker != nullptr) {
    if (Status usable = maker->available(); !usable) return usable;
  }
  add_once(choices, choice);
  return {};
}

Result<std::vector<Choice>> choices_of(const SweepOptions& options) {
  std::vector<Choice> choices;
  for (const std::string& text : options.engines) {
    for (const std::string& name : split_engines(text)) {
      if (Status added = add_engine(name, choices); !added) return added.take_error();
    }
  }
  const bool wine =
      std::any_of(choices.begin(), choices.end(), [](const auto& c) { return c.wine; });
  if (!wine) return choices;
  if (std::string_view(engine::this_system()) == "Windows") {
    return usage_error("use engine 'wine'", "this is Windows already", "use all");
  }
  if (Result<platform::WindowsBuild> build = platform::find_windows_build(); !build) {
    return build.take_error();
  }
  return choices;
}

Status check_caches(const std::vector<std::string>& caches) {
  const bool asis = std::find(caches.begin(), caches.end(), "asis") != caches.end();
  if (!asis || caches.size() == 1) return {};
  return usage_error("use --cache asis beside another state in one sweep",
                     "the other cells change what is in the cache", "leave out asis");
}

// Each of `ways` with each of `values`.
std::vector<StreamOptions> times(const std::vector<StreamOptions>& ways,
                                 const std::vector<std::string>& values,
                                 std::string StreamOptions::*field) {
  std::vector<StreamOptions> product;
  for (const StreamOptions& way : ways) {
    for (const std::string& value : values) {
      product.push_back(way);
      product.back().*field = value;
    }
  }
  return product;
}

std::vector<StreamOptions> times(const std::vector<StreamOptions>& ways,
                                 const std::vector<Choice>& choices) {
  std::vector<StreamOptions> product;
  for (const StreamOptions& way : ways) {
    for (const Choice& choice : choices) {
      product.push_back(way);
      product.back().engine = choice.engine;
      product.back().wine = choice.wine;
    }
  }
  return product;
}

// Why such a cell cannot be, or would be another one over again. Empty where it can.
std::string why_not(const StreamOptions& way, const engine::EngineSpec& spec) {
  if (way.cache == "direct" && spec.mechanism->maps_files) {
    return fmt::format("{} with --cache direct: it reads through the page cache",
                       sweep::engine_name(way.engine, way.wine));
  }
  const Result<std::uint64_t> depth = parse_count(way.depth, 1, UINT64_MAX);
  const Result<std::uint64_t> threads = parse_count(way.threads, 1, UINT64_MAX);
  if (!depth || !threads || *threads <= *depth) return "";
  return fmt::format("{} threads at depth {}: more threads than requests have nothing to do",
                     *threads, *depth);
}

// One cell; what cannot be is put among what is left out.
Status add_cell(std::size_t file, const StreamOptions& way, SweepSettings& settings) {
  const Result<engine::EngineSpec> spec = engine::parse_engine(way.engine);
  if (!spec) return spec.error();
  if (std::string why = why_not(way, *spec); !why.empty()) {
    add_once(settings.left_out, std::move(why));
    return {};
  }
  Result<StreamSettings> checked = check(way);
  if (!checked) return checked.take_error();
  checked->progress = false;
  const sweep::Cell cell{.file = file,
                         .engine = way.engine,
                         .wine = way.wine,
                         .depth = checked->run.depth,
                         .threads = checked->run.threads,
                         .block_bytes = checked->run.block_bytes,
                         .cache = way.cache};
  std::vector<sweep::Cell>& cells = settings.plan.cells;
  if (std::find(cells.begin(), cells.end(), cell) != cells.end()) return {};
  if (cells.size() == kMostCells) {
    return usage_error("sweep", fmt::format("more than {} cells", kMostCells), "use shorter lists");
  }
  cells.push_back(cell);
  settings.cells.push_back(checked.take());
  return {};
}

}  // namespace

std::vector<std::string> split_list(const std::string& text) {
  std::vector<std::string> parts;
  for (std::size_t at = 0; at <= text.size();) {
    const std::size_t end = std::min(text.find(',', at), text.size());
    parts.push_back(text.substr(at, end - at));
    at = end + 1;
  }
  return parts;
}

std::vector<std::string> split_engines(const std::string& text) {
  std::vector<std::string> names;
  for (const std::string& part : split_list(text)) {
    std::string name = part.substr(0, part.find(':'));
    if (name.starts_with(sweep::kByWine)) name.erase(0, sweep::kByWine.size());
    const bool begins = name == kAll || name == kAllByWine || engine::find_mechanism(name);
    const bool has_options = !names.empty() && names.back().find(':') != std::string::npos;
    if (!begins && has_options) {
      names.back() += "," + part;
    } else {
      names.push_back(part);
    }
  }
  return names;
}

std::vector<std::string> group_names() {
  std::vector<Choice> by_wine;
  add_all_by_wine(by_wine);
  std::vector<std::string> names = {kAll, kAllByWine};
  for (const Choice& choice : by_wine) names.push_back(sweep::engine_name(choice.engine, true));
  return names;
}

Status add_cells(const SweepOptions& options, SweepSettings& settings) {
  const Result<std::vector<Choice>> choices = choices_of(options);
  if (!choices) return choices.error();
  const std::vector<std::string> caches = split_list(options.caches);
  if (Status together = check_caches(caches); !together) return together;
  StreamOptions common;
  common.hash = options.hash;
  std::vector<StreamOptions> ways = times({common}, caches, &StreamOptions::cache);
  ways = times(ways, *choices);
  ways = times(ways, split_list(options.threads), &StreamOptions::threads);
  ways = times(ways, split_list(options.blocks), &StreamOptions::block);
  ways = times(ways, split_list(options.depths), &StreamOptions::depth);
  for (std::size_t file = 0; file < settings.plan.files.size(); ++file) {
    for (const StreamOptions& way : ways) {
      if (Status added = add_cell(file, way, settings); !added) return added;
    }
  }
  if (!settings.plan.cells.empty()) return {};
  return usage_error("sweep", "no combination of these lists can be: " +
                                  (settings.left_out.empty() ? std::string("no engine runs here")
                                                             : settings.left_out.front()));
}

}  // namespace aiobench::tool
