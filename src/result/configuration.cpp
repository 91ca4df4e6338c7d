#include "result/configuration.h"

#include <fmt/core.h>

#include <algorithm>
#include <iterator>
#include <map>
#include <set>
#include <utility>

#include "base/error.h"
#include "base/units.h"

namespace aiobench::result {

std::string engine_text(const Settings& config) {
  const std::string chosen = config.requested_engine.empty() ? "" : " (chosen by auto)";
  return fmt::format("{}{}, depth {}, {} thread{}, block {}, cache {}", config.engine_text(),
                     chosen, config.depth, config.threads, config.threads == 1 ? "" : "s",
                     format_size(config.block_bytes), name(config.cache));
}

std::string engine_label(const Settings& config, bool under_wine) {
  const std::string wine(under_wine ? kUnderWine : "");
  if (!config.requested_engine.empty()) return wine + config.requested_engine + "=" + config.engine;
  return wine + config.engine_text();
}

std::string file_text(const Target& target) {
  const os::StorageInfo& storage = target.storage;
  std::string text = format_size(target.file_bytes);
  if (!storage.file_system.empty()) text += ", " + storage.file_system;
  if (!storage.device.empty()) text += " on " + storage.device;
  if (!storage.model.empty()) text += fmt::format(" ({})", storage.model);
  return text;
}

std::string read_text(const ReadSettings& read) {
  std::string text = name(read.pattern);
  if (read.pattern == Pattern::random) text += fmt::format(", seed {}", read.seed);
  if (read.duration_seconds > 0) text += fmt::format(", for {} s", read.duration_seconds);
  if (read.limit_bytes > 0) text += ", " + format_size(read.limit_bytes);
  if (read.rate_per_second > 0) text += fmt::format(", at {} requests/s", read.rate_per_second);
  if (read.files_at_once > 1) text += fmt::format(", {} files at once", read.files_at_once);
  return text;
}

std::string write_text(const CopySettings& copy) {
  return fmt::format("written by {}, {}{}{}", copy.writer, name(copy.write_cache),
                     copy.sparse ? "" : ", holes filled",
                     copy.flush ? ", flushed" : ", not flushed");
}

namespace {

using Key = std::vector<std::string>;

// Differences that match_configurations() can ignore.
enum Difference : unsigned {
  kSystem = 1,     // Linux, Windows or Wine
  kEngine = 2,     // the engine that auto chose
  kDirectory = 4,  // of the file
};

// The file name in a path of either system: a result may come from the other one.
std::string file_name(const std::string& path) {
  return path.substr(path.find_last_of("/\\") + 1);
}

// Everything that identifies a configuration, without the differences in `ignored`. It is a list of
// texts and not one text, so that different configurations never have equal keys.
Key key_of(const MeasuredRun& measured, unsigned ignored) {
  const Run& run = *measured.run;
  const Settings& config = run.config;
  Key key = {run.job, name(config.hash), name(config.cache)};
  const auto add = [&](const auto& value) { key.push_back(fmt::format("{}", value)); };
  if ((ignored & kSystem) == 0) {
    add(measured.origin->host.system);
    add(measured.origin->host.wine.empty());
  }
  const bool chosen = (ignored & kEngine) != 0 && !config.requested_engine.empty();
  add(chosen ? config.requested_engine : config.engine);
  if (!chosen) {
    add(config.engine_options);
    add(config.depth);
    add(config.threads);
    add(config.block_bytes);
  }
  add((ignored & kDirectory) != 0 ? file_name(run.target.path) : run.target.path);
  if (config.read) {
    const ReadSettings& read = *config.read;
    add(name(read.pattern));
    add(read.seed);
    add(read.duration_seconds);
    add(read.limit_bytes);
    add(read.rate_per_second);
    add(read.files_at_once);
  }
  if (config.copy) {
    const CopySettings& copy = *config.copy;
    add(chosen ? "" : copy.writer);
    add(name(copy.write_cache));
    add(copy.sparse);
    add(copy.flush);
    add(copy.verify);
  }
  return key;
}

void add_run(Configuration& configuration, const MeasuredRun& measured) {
  const Run& run = *measured.run;
  if (run.failure) {
    configuration.failures.push_back(&run);
  } else {
    for (const Repetition& repetition : run.repetitions) {
      if (repetition.partial) {
        ++configuration.partial;
      } else {
        configuration.repetitions.push_back(&repetition);
      }
    }
  }
  configuration.runs.push_back(measured);
}

// Groups configurations by key.
std::map<Key, std::vector<const Configuration*>> by_key(
    const std::vector<const Configuration*>& configurations, unsigned ignored) {
  std::map<Key, std::vector<const Configuration*>> found;
  for (const Configuration* configuration : configurations)
    found[key_of(configuration->runs.front(), ignored)].push_back(configuration);
  return found;
}

std::vector<const Configuration*> pointers_to(const std::vector<Configuration>& configurations) {
  std::vector<const Configuration*> pointers;
  for (const Configuration& configuration : configurations) pointers.push_back(&configuration);
  return pointers;
}

bool same_machine(const os::HostInfo& base, const os::HostInfo& now) {
  return base.system == now.system && base.version == now.version && base.wine == now.wine &&
         base.cpu_model == now.cpu_model && base.cpus == now.cpus &&
         base.memory_bytes == now.memory_bytes;
}

constexpr bool kMoreIsBetter = true;

constexpr MetricKind kMetricKinds[] = {
    {Metric::throughput, "throughput", "bytes_per_second", kMoreIsBetter, "bytes per second"},
    {Metric::p50, "p50", "latency_p50_ns", !kMoreIsBetter, "median latency"},
    {Metric::p99, "p99", "latency_p99_ns", !kMoreIsBetter, "99th percentile of the latency"},
    {Metric::cpu, "cpu", "cpu_seconds_per_gib", !kMoreIsBetter, "CPU seconds per GiB"},
};

double total_rate(const Repetition& r) {
  if (!r.copy) return r.bytes_per_second();
  const double seconds = r.copy->whole_seconds(r.wall_seconds);
  return seconds > 0 ? static_cast<double>(r.bytes) / seconds : 0;
}

double latency(const Repetition& r, double percent) {
  if (!r.copy) return static_cast<double>(r.latency_ns.percentile(percent));
  stats::Histogram both = r.latency_ns;
  both.merge(r.copy->writes.latency_ns);
  return static_cast<double>(both.percentile(percent));
}

}  // namespace

std::vector<Configuration> configurations_of(const std::vector<Results>& results) {
  std::vector<Configuration> configurations;
  std::map<Key, std::size_t> places;
  for (const Results& result : results) {
    for (const Run& run : result.runs) {
      const MeasuredRun measured{&run, &result.origin_of(run)};
      const auto [place, added] = places.try_emplace(key_of(measured, 0), configurations.size());
      if (added) configurations.emplace_back();
      add_run(configurations[place->second], measured);
    }
  }
  for (Configuration& configuration : configurations) {
    std::stable_sort(configuration.repetitions.begin(), configuration.repetitions.end(),
                     [](const Repetition* a, const Repetition* b) {
                       return a->started_unix_ns < b->started_unix_ns;
                     });
  }
  return configurations;
}

Matching match_configurations(const std::vector<Configuration>& base,
                              const std::vector<Configuration>& now) {
  Matching matching{.matches = {}, .only_base = pointers_to(base), .only_now = pointers_to(now)};
  constexpr unsigned kAll = kSystem | kEngine | kDirectory;
  for (unsigned ignored = 0; ignored <= kAll; ++ignored) {
    const auto base_by_key = by_key(matching.only_base, ignored);
    const auto now_by_key = by_key(matching.only_now, ignored);
    std::set<const Configuration*> matched;
    for (const auto& [key, configurations] : base_by_key) {
      const auto found = now_by_key.find(key);
      if (found == now_by_key.end() || configurations.size() != 1 || found->second.size() != 1)
        continue;
      matching.matches.push_back({configurations.front(), found->second.front()});
      matched.insert({configurations.front(), found->second.front()});
    }
    const auto is_matched = [&](const Configuration* configuration) {
      return matched.count(configuration) != 0;
    };
    std::erase_if(matching.only_base, is_matched);
    std::erase_if(matching.only_now, is_matched);
  }
  std::sort(matching.matches.begin(), matching.matches.end(),
            [](const Match& a, const Match& b) { return a.base < b.base; });
  return matching;
}

std::string configuration_name(const Run& run) {
  std::string text = run.job;
  if (run.config.hash != HashAlgorithm::none) text += std::string(" ") + name(run.config.hash);
  text += ", " + engine_text(run.config);
  if (run.config.read) text += ", " + read_text(*run.config.read);
  if (run.config.copy) text += ", " + write_text(*run.config.copy);
  return text;
}

bool measured_alternately(const Configuration& base, const Configuration& now) {
  const std::size_t count = base.repetitions.size();
  if (count < 2 || count != now.repetitions.size()) return false;
  if (!same_machine(base.origin().host, now.origin().host)) return false;
  // Both sides are sorted by time. Both repetitions of a pair must have started before those of the
  // next pair.
  std::uint64_t latest_ns = 0;
  for (std::size_t i = 0; i < count; ++i) {
    const std::uint64_t base_ns = base.repetitions[i]->started_unix_ns;
    const std::uint64_t now_ns = now.repetitions[i]->started_unix_ns;
    if (base_ns == now_ns || std::min(base_ns, now_ns) <= latest_ns) return false;
    latest_ns = std::max(base_ns, now_ns);
  }
  return true;
}

std::span<const MetricKind> metric_kinds() {
  return kMetricKinds;
}

const MetricKind& kind_of(Metric metric) {
  const auto place = static_cast<std::size_t>(metric);
  AIOBENCH_CHECK(place < std::size(kMetricKinds));
  return kMetricKinds[place];
}

const MetricKind* find_metric(std::string_view name) {
  const auto found = std::find_if(std::begin(kMetricKinds), std::end(kMetricKinds),
                                  [&](const MetricKind& kind) { return kind.name == name; });
  return found == std::end(kMetricKinds) ? nullptr : found;
}

double value_of(const Repetition& repetition, Metric metric) {
  switch (metric) {
    case Metric::throughput:
      return total_rate(repetition);
    case Metric::p50:
      return latency(repetition, 50);
    case Metric::p99:
      return latency(repetition, 99);
    case Metric::cpu:
      return repetition.cpu_seconds_per_gib();
  }
  return 0;
}

std::optional<std::string> why_not(const Run& run, Metric metric) {
  const std::optional<ReadSettings>& read = run.config.read;
  if (metric == Metric::throughput && read && read->rate_per_second > 0) {
    return "--rate sets the throughput; compare p50 or p99";
  }
  if (metric == Metric::cpu && read && read->files_at_once > 1) {
    return "CPU time covers all files together";
  }
  return std::nullopt;
}

double cost_of(Metric metric, double value) {
  return kind_of(metric).more_is_better ? 1 / value : value;
}

// 1 / (1 / value) is the value, so both directions are the same function.
double value_of_cost(Metric metric, double cost) {
  return cost_of(metric, cost);
}

std::string format_value(Metric metric, double value) {
  constexpr double kMaxWhole = 1e18;
  if (metric == Metric::throughput) {
    return value < kMaxWhole ? format_size(static_cast<std::uint64_t>(value)) + "/s"
                             : fmt::format("{:.3g} B/s", value);
  }
  return metric == Metric::cpu ? format_duration_ns(value * 1e9) + "/GiB"
                               : format_duration_ns(value);
}

}  // namespace aiobench::result
