#include <fmt/core.h>

#include <algorithm>
#include <string_view>

#include "base/units.h"
#include "engine/registry.h"
#include "hash/hasher.h"
#include "os/wine.h"
#include "run/run.h"
#include "sweep/plan.h"
#include "tool/command.h"
#include "tool/options.h"
#include "tool/sweep.h"

namespace aiobench::tool {
namespace {

constexpr std::uint64_t kMaxRounds = 10'000;

Result<HashAlgorithm> parse_hash(const std::string& text) {
  return hash::parse_algorithm(text);
}

// Reads a list with commas, each item with `parse`.
template <class T>
ReadValue list_reader(std::vector<T>& values, Result<T> (*parse)(const std::string& text)) {
  return [&values, parse](const std::string& text) -> Status {
    values.clear();
    for (const std::string& item : split_list(text)) {
      Result<T> value = parse(item);
      if (!value) return value.take_error();
      values.push_back(*value);
    }
    return {};
  };
}

// The same for numbers. "auto" is refused.
template <class T>
ReadValue number_list_reader(std::vector<T>& values, const char* option,
                             Result<T> (*parse)(const std::string& text)) {
  return [read = list_reader(values, parse), option](const std::string& text) -> Status {
    for (const std::string& item : split_list(text)) {
      if (item != "auto") continue;
      return usage_error(fmt::format("use {}", option), "a sweep needs explicit values, not 'auto'",
                         "write the values, separated by commas");
    }
    return read(text);
  };
}

Result<std::vector<sweep::SweptFile>> files_of(const SweepOptions& options) {
  std::vector<sweep::SweptFile> files;
  for (const std::string& path : options.files) {
    Result<std::uint64_t> bytes = run::size_of(path);
    if (!bytes) return bytes.take_error();
    if (*bytes == 0) {
      return usage_error("sweep '" + path + "'", "it is empty",
                         "create a test file with aiobench create");
    }
    const sweep::SweptFile file{path, *bytes};
    if (std::find(files.begin(), files.end(), file) == files.end()) files.push_back(file);
  }
  return files;
}

constexpr const char* kAll = "all";
constexpr const char* kAllUnderWine = "wine";
constexpr std::size_t kMaxConfigurations = 10'000;

// Appends `value` unless the list contains it.
template <class T>
void add_once(std::vector<T>& list, T value) {
  if (std::find(list.begin(), list.end(), value) == list.end()) list.push_back(std::move(value));
}

struct EngineChoice {
  std::string engine;
  std::string options;
  bool wine = false;

  bool operator==(const EngineChoice&) const = default;
};

bool moves_data(std::string_view name) {
  return name != "null" && name != engine::kAuto;
}

// Adds every engine that is available in this program.
void add_all(std::vector<EngineChoice>& choices) {
  for (const engine::Mechanism& mechanism : engine::mechanisms()) {
    const engine::Factory* const factory = engine::find_factory(mechanism.name);
    if (factory != nullptr && moves_data(mechanism.name) && factory->available()) {
      add_once(choices, EngineChoice{mechanism.name, "", false});
    }
  }
}

void add_all_under_wine(std::vector<EngineChoice>& choices) {
  for (const engine::Mechanism& mechanism : engine::mechanisms()) {
    if (mechanism.systems != engine::Systems::linux_only && moves_data(mechanism.name)) {
      add_once(choices, EngineChoice{mechanism.name, "", true});
    }
  }
}

// Adds the engines that one name of the list stands for. An engine that is not available is an
// error.
Status add_engine(const std::string& text, std::vector<EngineChoice>& choices) {
  if (text == kAll) {
    add_all(choices);
    return {};
  }
  if (text == kAllUnderWine) {
    add_all_under_wine(choices);
    return {};
  }
  const bool under_wine = text.starts_with(sweep::kUnderWine);
  const std::string name = under_wine ? text.substr(sweep::kUnderWine.size()) : text;
  Result<engine::EngineSpec> spec = engine::parse_engine(name);
  if (!spec) return spec.take_error();
  const std::string_view mechanism = spec->mechanism->name;
  if (mechanism == "null") {
    return usage_error(
        "use engine 'null' in a sweep", "it reads no data and computes no digest",
        "choose another engine; aiobench engines --self-test measures the overhead of "
        "aiobench");
  }
  const bool windows_only = spec->mechanism->systems == engine::Systems::windows_only;
  const bool windows_here = std::string_view(engine::this_system()) == "Windows";
  const EngineChoice choice{spec->mechanism->name, spec->options.text(),
                            under_wine || (windows_only && !windows_here)};
  const engine::Factory* const factory = engine::find_factory(mechanism);
  if (!choice.wine && factory != nullptr) {
    if (Status usable = factory->available(); !usable) return usable;
  }
  add_once(choices, choice);
  return {};
}

Result<std::vector<EngineChoice>> choices_of(const SweepOptions& options) {
  std::vector<EngineChoice> choices;
  for (const std::string& text : options.engines) {
    for (const std::string& name : split_engines(text)) {
      if (Status added = add_engine(name, choices); !added) return added.take_error();
    }
  }
  const bool wine =
      std::any_of(choices.begin(), choices.end(), [](const auto& c) { return c.wine; });
  if (!wine) return choices;
  if (std::string_view(engine::this_system()) == "Windows") {
    return usage_error("use engine 'wine'", "this system is Windows", "use --engine all");
  }
  if (Result<os::WindowsBuild> build = os::find_windows_build(); !build) {
    return build.take_error();
  }
  return choices;
}

Status check_caches(const std::vector<CacheState>& caches) {
  const bool asis = std::find(caches.begin(), caches.end(), CacheState::asis) != caches.end();
  if (!asis || caches.size() == 1) return {};
  return usage_error("combine --cache asis with another state",
                     "the other configurations change the contents of the page cache",
                     "leave out asis");
}

// Why a combination is impossible or equivalent to another one; empty if it is usable.
std::string unusable_reason(const sweep::Configuration& configuration) {
  const Settings& settings = configuration.settings;
  const Result<const engine::Mechanism*> mechanism = engine::find_mechanism(settings.engine);
  if (settings.direct() && mechanism && (*mechanism)->maps_files) {
    return fmt::format("{} with --cache direct: it reads through the page cache",
                       sweep::engine_name(settings.engine_text(), configuration.wine));
  }
  if (settings.threads <= settings.depth) return "";
  return fmt::format("{} threads at depth {}: more threads than requests in flight",
                     settings.threads, settings.depth);
}

// Adds one configuration, or an entry in planned.left_out if it is impossible.
Status add_configuration(const sweep::Configuration& configuration, PlannedSweep& planned) {
  if (std::string why = unusable_reason(configuration); !why.empty()) {
    add_once(planned.left_out, std::move(why));
    return {};
  }
  const Result<bool> usable = runs_under_wine(configuration.settings, configuration.wine);
  if (!usable) return usable.error();
  std::vector<sweep::Configuration>& configurations = planned.plan.configurations;
  if (std::find(configurations.begin(), configurations.end(), configuration) !=
      configurations.end())
    return {};
  if (configurations.size() == kMaxConfigurations) {
    return usage_error("sweep",
                       fmt::format("there are more than {} configurations", kMaxConfigurations),
                       "use shorter lists");
  }
  configurations.push_back(configuration);
  return {};
}

// Every combination of the lists, for one file.
std::vector<sweep::Configuration> combinations_of(const SweepOptions& options,
                                                  const std::vector<EngineChoice>& choices) {
  std::vector<sweep::Configuration> combinations;
  for (const CacheState cache : options.caches) {
    for (const EngineChoice& choice : choices) {
      for (const unsigned threads : options.threads) {
        for (const std::uint32_t block_bytes : options.blocks) {
          for (const unsigned depth : options.depths) {
            sweep::Configuration& one = combinations.emplace_back();
            one.wine = choice.wine;
            one.settings.engine = choice.engine;
            one.settings.engine_options = choice.options;
            one.settings.depth = depth;
            one.settings.threads = threads;
            one.settings.block_bytes = block_bytes;
            one.settings.hash = options.hash;
            one.settings.cache = cache;
          }
        }
      }
    }
  }
  return combinations;
}

Status add_configurations(const SweepOptions& options, PlannedSweep& planned) {
  const Result<std::vector<EngineChoice>> choices = choices_of(options);
  if (!choices) return choices.error();
  if (Status together = check_caches(options.caches); !together) return together;
  for (std::size_t file = 0; file < planned.plan.files.size(); ++file) {
    for (sweep::Configuration& configuration : combinations_of(options, *choices)) {
      configuration.file = file;
      if (Status added = add_configuration(configuration, planned); !added) return added;
    }
  }
  if (!planned.plan.configurations.empty()) return {};
  return usage_error("sweep", "no combination of these lists is possible: " +
                                  (planned.left_out.empty() ? std::string("no engine is available")
                                                            : planned.left_out.front()));
}

}  // namespace

void SweepOptions::add_to(Description& description) {
  description.operand("FILE", files, "files to read; each combination is measured on each file",
                      "FILE...");
  const auto add = [&](const char* names, auto&& value, const char* default_value,
                       const std::string& help, const std::string& type, const char* group) {
    description.option(names, value, help, type, group).default_text(default_value);
  };
  const char* const kConfigurations =
      "Configurations (every combination of these lists, for each file)";
  description
      .option("-e,--engine", engines,
              "all: every available engine; wine: the Windows engines under Wine; wine/NAME: one "
              "of them",
              std::string(kEngineType) + kMore, kConfigurations)
      .default_text("all");
  add("-d,--depth", number_list_reader(depths, "--depth", parse_depth), "1,8,32",
      "requests in flight, 1 to 4096", "N,...", kConfigurations);
  add("-t,--threads", number_list_reader(threads, "--threads", parse_threads), "1",
      "worker threads, 1 to 1024", "N,...", kConfigurations);
  add("-b,--block-size", number_list_reader(blocks, "--block-size", parse_block_size), "1MiB",
      "bytes per request, 512 to 1GiB", "SIZE,...", kConfigurations);
  add("--cache", list_reader(caches, parse_cache_state), "asis",
      "page cache states (see aiobench hash --help); asis cannot be combined with others",
      names_of(kCacheStates, "|") + kMore, kConfigurations);
  add("-H,--hash", reader(hash, parse_hash), name(hash), "hash algorithm of all configurations",
      names_of(kHashAlgorithms, "|"), kConfigurations);
  const char* const kRounds = "Rounds (every configuration once, in random order)";
  add("--repeat", count_reader(rounds, "--repeat", 1, kMaxRounds), "7", "measured rounds", "N",
      kRounds);
  add("--warmup", count_reader(warmup, "--warmup", 0, kMaxRounds), "1",
      "unmeasured rounds before the measured ones", "N", kRounds);
  add("--seed", count_reader(seed, "--seed", 0, UINT64_MAX), "1", "seed of the random orders", "N",
      kRounds);
  add("--max-time", seconds_reader(max_seconds, "--max-time"), "",
      "start no round that would end after this time", "TIME", kRounds);
  add("--max-bytes", size_reader(max_bytes, "--max-bytes"), "",
      "start no round that would exceed this amount of data in total", "SIZE", kRounds);
  description.flag("--dry-run", dry_run,
                   "print the configurations and the estimated time; measure nothing", kRounds);
  add("--json", outputs.json_file, outputs.json_file.c_str(),
      "result file; an unfinished sweep is kept in FILE.parts", kFileType, kOutputGroup);
  description.flag(
      "--resume", resume,
      "continue the unfinished sweep whose result file --json names; no FILE is needed",
      kOutputGroup);
  description.flag("--force", force, "replace an existing result or unfinished sweep",
                   kOutputGroup);
  add("--csv", outputs.csv_file, "", "also write one CSV row per repetition", kFileType,
      kOutputGroup);
  add("--format", name_reader(outputs.format, kFormats, "--format", "format"), "text",
      "output format on stdout", names_of(kFormatsWithoutDigest, "|"), kOutputGroup);
  terminal.add_to(description);
}

Result<PlannedSweep> plan_sweep(const SweepOptions& options) {
  PlannedSweep planned;
  if (options.files.empty()) {
    return usage_error("sweep", "no file is given",
                       "give a file; aiobench create creates a test file");
  }
  if (options.outputs.format == Format::xxhsum) {
    return usage_error("use --format xxhsum", "a sweep prints no checksum lines",
                       "choose one of: text, json, csv");
  }
  planned.plan.rounds = options.rounds;
  planned.plan.warmup = options.warmup;
  planned.plan.seed = options.seed;
  Result<std::vector<sweep::SweptFile>> files = files_of(options);
  if (!files) return files.take_error();
  planned.plan.files = files.take();
  if (Status added = add_configurations(options, planned); !added) return added.take_error();
  return planned;
}

std::vector<std::string> split_list(const std::string& text) {
  std::vector<std::string> items;
  for (std::size_t at = 0; at <= text.size();) {
    const std::size_t end = std::min(text.find(',', at), text.size());
    items.push_back(text.substr(at, end - at));
    at = end + 1;
  }
  return items;
}

std::vector<std::string> split_engines(const std::string& text) {
  std::vector<std::string> names;
  for (const std::string& part : split_list(text)) {
    std::string name = part.substr(0, part.find(':'));
    if (name.starts_with(sweep::kUnderWine)) name.erase(0, sweep::kUnderWine.size());
    const bool begins = name == kAll || name == kAllUnderWine || engine::find_mechanism(name);
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
  std::vector<EngineChoice> under_wine;
  add_all_under_wine(under_wine);
  std::vector<std::string> names = {kAll, kAllUnderWine};
  for (const EngineChoice& choice : under_wine)
    names.push_back(sweep::engine_name(choice.engine, true));
  return names;
}

}  // namespace aiobench::tool
