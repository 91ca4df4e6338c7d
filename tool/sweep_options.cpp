#include "tool/sweep_options.h"

#include <fmt/core.h>

#include <algorithm>
#include <functional>
#include <string_view>

#include "base/units.h"
#include "os/wine.h"
#include "run/run.h"
#include "sweep/plan.h"
#include "tool/command.h"

namespace aiobench::tool {
namespace {

constexpr std::uint64_t kMaxRounds = 10'000;

Status needs_number(const char* option, const std::string& list) {
  for (const std::string& text : split_list(list)) {
    if (text != "auto") continue;
    return usage_error(fmt::format("use {}", option), "a sweep needs explicit values, not 'auto'",
                       "write the values, separated by commas");
  }
  return {};
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

Status read_count(const char* option, const std::string& text, std::uint64_t minimum,
                  std::uint64_t maximum, const std::function<void(std::uint64_t)>& take) {
  Result<std::uint64_t> value = parse_count(text, minimum, maximum);
  if (!value) return usage_error(fmt::format("use {}", option), value.error().cause);
  take(*value);
  return {};
}

Status read_limits(const SweepOptions& options, SweepSettings& settings) {
  sweep::Plan& plan = settings.plan;
  Status read = read_count("--repeat", options.rounds, 1, kMaxRounds,
                           [&](std::uint64_t n) { plan.rounds = static_cast<unsigned>(n); });
  if (!read) return read;
  read = read_count("--warmup", options.warmup, 0, kMaxRounds,
                    [&](std::uint64_t n) { plan.warmup = static_cast<unsigned>(n); });
  if (!read) return read;
  read = read_count("--seed", options.seed, 0, UINT64_MAX, [&](std::uint64_t n) { plan.seed = n; });
  if (!read) return read;
  if (!options.max_time.empty()) {
    Result<double> seconds = parse_duration_seconds(options.max_time);
    if (!seconds) {
      return usage_error("use --max-time", seconds.error().cause, seconds.error().hint);
    }
    settings.max_seconds = *seconds;
  }
  if (!options.max_bytes.empty()) {
    Result<std::uint64_t> bytes = parse_size(options.max_bytes);
    if (!bytes) return usage_error("use --max-bytes", bytes.error().cause, bytes.error().hint);
    settings.max_bytes = *bytes;
  }
  return {};
}

}  // namespace

void SweepOptions::add_to(Description& description) {
  description.operand("FILE", files, "files to read; each combination is measured on each file",
                      "FILE...");
  const auto add = [&](const char* names, std::string& value, const std::string& help,
                       const std::string& type,
                       const char* group) { description.option(names, value, help, type, group); };
  const char* const kConfigurations =
      "Configurations (every combination of these lists, for each file)";
  description
      .option("-e,--engine", engines,
              "all: every available engine; wine: the Windows engines under Wine; wine/NAME: one "
              "of them",
              std::string(kEngineType) + kMore, kConfigurations)
      .default_text("all");
  add("-d,--depth", depths, "requests in flight, 1 to 4096", "N,...", kConfigurations);
  add("-t,--threads", threads, "worker threads, 1 to 1024", "N,...", kConfigurations);
  add("-b,--block-size", blocks, "bytes per request, 512 to 1GiB", "SIZE,...", kConfigurations);
  add("--cache", caches, "page cache states (see hash); asis excludes the others",
      names_of(cache_states(), "|") + kMore, kConfigurations);
  add("-H,--hash", hash, "hash algorithm of all configurations", names_of(hash::algorithms(), "|"),
      kConfigurations);
  const char* const kRounds = "Rounds (every configuration once, in random order)";
  add("--repeat", rounds, "measured rounds", "N", kRounds);
  add("--warmup", warmup, "unmeasured rounds before the measured ones", "N", kRounds);
  add("--seed", seed, "seed of the random orders", "N", kRounds);
  add("--max-time", max_time, "start no round that would end after this time", "TIME", kRounds);
  add("--max-bytes", max_bytes, "start no round that would exceed this amount of data in total",
      "SIZE", kRounds);
  description.flag("--dry-run", dry_run,
                   "print the configurations and the estimated time; measure nothing", kRounds);
  add("--json", json_file, "result file; an unfinished sweep is kept in FILE.parts", kFileType,
      kOutputGroup);
  description.flag("--resume", resume,
                   "continue the unfinished sweep of --json; FILE can be omitted", kOutputGroup);
  description.flag("--force", force, "replace an existing result or unfinished sweep",
                   kOutputGroup);
  add("--csv", csv_file, "also write one CSV row per repetition", kFileType, kOutputGroup);
  add("--format", format, "output format on stdout", names_of(kFormatsWithoutDigest, "|"),
      kOutputGroup);
  add_color_to(description, color);
  add_verbosity_to(description, progress, quiet, verbose);
}

Result<SweepSettings> check(const SweepOptions& options) {
  SweepSettings settings;
  if (options.files.empty()) {
    return usage_error("sweep", "no file is given",
                       "give a file; aiobench create creates a test file");
  }
  for (const auto& [option, list] :
       {std::pair<const char*, const std::string&>{"--depth", options.depths},
        {"--threads", options.threads},
        {"--block-size", options.blocks}}) {
    if (Status numbers = needs_number(option, list); !numbers) return numbers.take_error();
  }
  StreamOptions output;
  output.format = options.format;
  output.progress = options.progress;
  output.color = options.color;
  output.quiet = options.quiet;
  output.hash = options.hash;
  Result<StreamSettings> common = check(output);
  if (!common) return common.take_error();
  if (common->format == Format::xxhsum) {
    return usage_error("use --format xxhsum", "a sweep prints no checksum lines",
                       "choose one of: text, json, csv");
  }
  settings.format = common->format;
  settings.progress = common->progress;
  settings.style = common->style;
  settings.plan.hash = options.hash;
  if (Status read = read_limits(options, settings); !read) return read.take_error();
  Result<std::vector<sweep::SweptFile>> files = files_of(options);
  if (!files) return files.take_error();
  settings.plan.files = files.take();
  if (Status added = add_configurations(options, settings); !added) return added.take_error();
  return settings;
}

namespace {

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
      add_once(choices, EngineChoice{mechanism.name});
    }
  }
}

void add_all_under_wine(std::vector<EngineChoice>& choices) {
  for (const engine::Mechanism& mechanism : engine::mechanisms()) {
    if (mechanism.systems != engine::Systems::linux_only && moves_data(mechanism.name)) {
      add_once(choices, EngineChoice{mechanism.name, true});
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
  const EngineChoice choice{spec->text(), under_wine || (windows_only && !windows_here)};
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

Status check_caches(const std::vector<std::string>& caches) {
  const bool asis = std::find(caches.begin(), caches.end(), "asis") != caches.end();
  if (!asis || caches.size() == 1) return {};
  return usage_error("combine --cache asis with another state",
                     "the other configurations change the contents of the page cache",
                     "leave out asis");
}

// Each of `combinations` with each of `values`.
std::vector<StreamOptions> times(const std::vector<StreamOptions>& combinations,
                                 const std::vector<std::string>& values,
                                 std::string StreamOptions::*field) {
  std::vector<StreamOptions> product;
  for (const StreamOptions& combination : combinations) {
    for (const std::string& value : values) {
      product.push_back(combination);
      product.back().*field = value;
    }
  }
  return product;
}

std::vector<StreamOptions> times(const std::vector<StreamOptions>& combinations,
                                 const std::vector<EngineChoice>& choices) {
  std::vector<StreamOptions> product;
  for (const StreamOptions& combination : combinations) {
    for (const EngineChoice& choice : choices) {
      product.push_back(combination);
      product.back().engine = choice.engine;
      product.back().wine = choice.wine;
    }
  }
  return product;
}

// Why a combination is impossible or equivalent to another one; empty if it is usable.
std::string unusable_reason(const StreamOptions& combination, const engine::EngineSpec& spec) {
  if (combination.cache == "direct" && spec.mechanism->maps_files) {
    return fmt::format("{} with --cache direct: it reads through the page cache",
                       sweep::engine_name(combination.engine, combination.wine));
  }
  const Result<std::uint64_t> depth = parse_count(combination.depth, 1, UINT64_MAX);
  const Result<std::uint64_t> threads = parse_count(combination.threads, 1, UINT64_MAX);
  if (!depth || !threads || *threads <= *depth) return "";
  return fmt::format("{} threads at depth {}: more threads than requests in flight", *threads,
                     *depth);
}

// Adds one configuration, or an entry in settings.left_out if it is impossible.
Status add_configuration(std::size_t file, const StreamOptions& combination,
                         SweepSettings& settings) {
  const Result<engine::EngineSpec> spec = engine::parse_engine(combination.engine);
  if (!spec) return spec.error();
  if (std::string why = unusable_reason(combination, *spec); !why.empty()) {
    add_once(settings.left_out, std::move(why));
    return {};
  }
  Result<StreamSettings> checked = check(combination);
  if (!checked) return checked.take_error();
  checked->progress = false;
  const sweep::Configuration configuration{.file = file,
                                           .engine = combination.engine,
                                           .wine = combination.wine,
                                           .depth = checked->run.depth,
                                           .threads = checked->run.threads,
                                           .block_bytes = checked->run.block_bytes,
                                           .cache = combination.cache};
  std::vector<sweep::Configuration>& configurations = settings.plan.configurations;
  if (std::find(configurations.begin(), configurations.end(), configuration) !=
      configurations.end())
    return {};
  if (configurations.size() == kMaxConfigurations) {
    return usage_error("sweep",
                       fmt::format("there are more than {} configurations", kMaxConfigurations),
                       "use shorter lists");
  }
  configurations.push_back(configuration);
  settings.configurations.push_back(checked.take());
  return {};
}

}  // namespace

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

Status add_configurations(const SweepOptions& options, SweepSettings& settings) {
  const Result<std::vector<EngineChoice>> choices = choices_of(options);
  if (!choices) return choices.error();
  const std::vector<std::string> caches = split_list(options.caches);
  if (Status together = check_caches(caches); !together) return together;
  StreamOptions common;
  common.hash = options.hash;
  std::vector<StreamOptions> combinations = times({common}, caches, &StreamOptions::cache);
  combinations = times(combinations, *choices);
  combinations = times(combinations, split_list(options.threads), &StreamOptions::threads);
  combinations = times(combinations, split_list(options.blocks), &StreamOptions::block);
  combinations = times(combinations, split_list(options.depths), &StreamOptions::depth);
  for (std::size_t file = 0; file < settings.plan.files.size(); ++file) {
    for (const StreamOptions& combination : combinations) {
      if (Status added = add_configuration(file, combination, settings); !added) return added;
    }
  }
  if (!settings.plan.configurations.empty()) return {};
  return usage_error("sweep", "no combination of these lists is possible: " +
                                  (settings.left_out.empty() ? std::string("no engine is available")
                                                             : settings.left_out.front()));
}

}  // namespace aiobench::tool
