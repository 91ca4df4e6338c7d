#include <fmt/core.h>

#include "aiobench/engines.h"
#include "aiobench/hash_file.h"
#include "base/units.h"
#include "engine/registry.h"
#include "run/auto_tune.h"
#include "run/hash.h"
#include "run/run.h"

namespace aiobench {
namespace {

Status check_range(const char* what, std::uint64_t value, std::uint64_t min, std::uint64_t max) {
  if (value == 0 || (value >= min && value <= max)) return {};
  return usage_error(fmt::format("use {} {}", what, value),
                     fmt::format("the value must be between {} and {}", min, max),
                     "use 0 for an automatic choice");
}

Status check_numbers(const HashSettings& settings) {
  if (Status s = check_range("depth", settings.depth, 1, kMaxDepth); !s) return s;
  if (Status s = check_range("threads", settings.threads, 1, kMaxThreads); !s) return s;
  return check_range("block_bytes", settings.block_bytes, kMinBlock, kMaxBlock);
}

// Checks that this system has the mechanism, and that it can be used with these options.
Status check_engine(const engine::EngineSpec& spec, bool direct) {
  const std::string use = fmt::format("use engine '{}'", spec.text());
  const std::string_view name = spec.mechanism->name;
  const bool here = name == engine::kAuto || engine::find_factory(name) != nullptr;
  const bool windows_here = std::string_view(engine::this_system()) == "Windows";
  if (!here || (!windows_here && engine::has_windows_option(spec))) {
    return usage_error(use,
                       fmt::format("the mechanism does not exist on {}", engine::this_system()),
                       "choose one that aiobench::engines() lists as available");
  }
  if (direct && spec.mechanism->maps_files) {
    return usage_error(use + " with direct access", "this engine reads through the page cache",
                       "set direct to false, or choose another engine");
  }
  return {};
}

Result<Settings> check(const HashSettings& settings) {
  if (Status numbers = check_numbers(settings); !numbers) return numbers.take_error();
  Result<engine::EngineSpec> spec = engine::parse_engine(settings.engine);
  if (!spec) return spec.take_error();
  if (Status fits = check_engine(*spec, settings.direct); !fits) return fits.take_error();
  Result<hash::Algorithm> algorithm = hash::parse_algorithm(settings.hash);
  if (!algorithm) return algorithm.take_error();
  Settings run;
  run.engine = spec->mechanism->name;
  run.engine_options = spec->options.text();
  run.depth = settings.depth;
  run.threads = settings.threads;
  run.block_bytes = settings.block_bytes;
  run.hash = *algorithm;
  if (settings.direct) run.cache = CacheState::direct;
  return run;
}

HashFigures figures_of(const run::RunOutcome& outcome, const Settings& run) {
  const stats::Flow& reads = outcome.totals.reads;
  HashFigures figures;
  figures.digest = outcome.digest;
  figures.engine = run.engine_text();
  figures.depth = outcome.lanes;
  figures.threads = outcome.threads;
  figures.block_bytes = run.block_bytes;
  figures.bytes = outcome.done_bytes;
  figures.requests = reads.requests;
  figures.inline_completions = reads.inline_completions;
  figures.wall_seconds = outcome.wall_seconds;
  figures.user_seconds = outcome.cpu.user_seconds;
  figures.system_seconds = outcome.cpu.system_seconds;
  figures.latency_p50_ns = reads.latency_ns.percentile(50);
  figures.latency_p99_ns = reads.latency_ns.percentile(99);
  figures.latency_max_ns = reads.latency_ns.max();
  return figures;
}

}  // namespace

double HashFigures::gib_per_second() const {
  return wall_seconds > 0 ? static_cast<double>(bytes) / double{kGiB} / wall_seconds : 0;
}

Result<HashFigures> hash_file(const std::string& path, const HashSettings& settings,
                              const HashProgress& progress) {
  const Result<Settings> wanted = check(settings);
  if (!wanted) return wanted.error();
  const Settings run = run::choose_missing(*wanted, path);
  run::BufferPool pool;
  os::WakeEvent event;  // not connected to signals: the library installs no signal handler
  run::RunOutcome outcome = run::hash_file(
      run, path, {.event = event, .pools = std::span(&pool, 1), .progress = progress});
  if (outcome.failure) return std::move(*outcome.failure);
  return figures_of(outcome, run);
}

std::vector<EngineInfo> engines() {
  std::vector<EngineInfo> all;
  for (const engine::Mechanism& mechanism : engine::mechanisms()) {
    const engine::Factory* const factory = engine::find_factory(mechanism.name);
    if (factory == nullptr) continue;
    EngineInfo info{.name = mechanism.name, .completion = mechanism.completion, .reason = {}};
    const Status available = factory->available();
    info.usable = static_cast<bool>(available);
    if (!available) info.reason = available.error().line();
    all.push_back(std::move(info));
  }
  return all;
}

}  // namespace aiobench
