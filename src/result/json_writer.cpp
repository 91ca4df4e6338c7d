#include "result/json_writer.h"

#include "result/json_document.h"

namespace aiobench::result {
namespace {

Json host_json(const Origin& origin) {
  const os::HostInfo& host = origin.host;
  return {{"system", or_null(host.system)},
          {"version", or_null(host.version)},
          {"wine", or_null(host.wine)},
          {"cpu_model", or_null(host.cpu_model)},
          {"cpus", or_null(std::uint64_t{host.cpus})},
          {"memory_bytes", or_null(host.memory_bytes)},
          {"clock", or_null(origin.clock)},
          {"clock_step_ns", or_null(host.clock_step_ns)},
          {"hash_instructions", or_null(origin.hash_instructions)},
          {"cpu_governor", or_null(host.cpu_governor)}};
}

Json tool_json(const ToolInfo& tool) {
  return {{"name", "aiobench"},
          {"version", tool.version},
          {"commit", or_null(tool.commit)},
          {"compiler", or_null(tool.compiler)},
          {"build_type", or_null(tool.build_type)},
          {"optimized", tool.optimized}};
}

Json own_cost_json(const stats::OwnCost& cost) {
  return {{"clock_ns", or_null(cost.clock_ns)}, {"request_ns", or_null(cost.request_ns)}};
}

Json origin_json(const Origin& origin) {
  return {{"tool", tool_json(origin.tool)},
          {"host", host_json(origin)},
          {"own_cost", own_cost_json(origin.own_cost)}};
}

Json target_json(const Target& target) {
  return {{"path", target.path},
          {"file_bytes", target.file_bytes},
          {"file_system", or_null(target.storage.file_system)},
          {"mount", or_null(target.storage.mount)},
          {"device", or_null(target.storage.device)},
          {"device_model", or_null(target.storage.model)},
          {"mount_options", or_null(target.storage.mount_options)},
          {"rotational", or_null(target.storage.rotational)},
          {"logical_sector_bytes", or_null(std::uint64_t{target.storage.logical_sector_bytes})},
          {"physical_sector_bytes", or_null(std::uint64_t{target.storage.physical_sector_bytes})},
          {"device_queue_depth", or_null(std::uint64_t{target.storage.queue_depth})},
          {"cached_share_before", or_null(target.cached_share_before)},
          {"cached_share_after", or_null(target.cached_share_after)},
          {"hole_share", or_null(target.hole_share)}};
}

// Each bucket is a pair: its lowest value in nanoseconds and the number of values in it. For the
// bounds of buckets see stats::Histogram.
Json latency_json(const stats::Histogram& latency) {
  Json buckets = Json::array();
  for (const auto& [lowest, count] : latency.buckets()) buckets.push_back({lowest, count});
  return {{"count", latency.count()},
          {"mean", latency.mean()},
          {"min", latency.min()},
          {"p50", latency.percentile(50)},
          {"p90", latency.percentile(90)},
          {"p99", latency.percentile(99)},
          {"p99_9", latency.percentile(99.9)},
          {"max", latency.max()},
          {"buckets", std::move(buckets)}};
}

Json copy_json(const CopyFigures& copy, double copy_seconds) {
  return {{"write_bytes", copy.writes.bytes},
          {"write_requests", copy.writes.requests},
          {"write_inline_completions", copy.writes.inline_completions},
          {"write_inline_share", copy.writes_inline_share()},
          {"write_latency_ns", latency_json(copy.writes.latency_ns)},
          {"open_seconds", copy.open_seconds},
          {"allocate_seconds", copy.allocate_seconds},
          {"copy_seconds", copy_seconds},
          {"flush_seconds", copy.flush_seconds},
          {"rename_seconds", copy.rename_seconds},
          {"whole_seconds", copy.whole_seconds(copy_seconds)},
          {"verify_seconds", copy.verify_seconds},
          {"verified", copy.verified}};
}

Json intervals_json(const std::vector<Interval>& intervals) {
  Json list = Json::array();
  for (const Interval& interval : intervals) {
    list.push_back({{"start_seconds", interval.start_seconds},
                    {"seconds", interval.seconds},
                    {"requests", interval.requests},
                    {"bytes", interval.bytes},
                    {"latency_p50_ns", interval.p50_ns},
                    {"latency_p99_ns", interval.p99_ns}});
  }
  return list;
}

Json repetition_json(const Repetition& r) {
  return {{"started_unix_ns", or_null(r.started_unix_ns)},
          {"digest", or_null(r.digest)},
          {"partial", r.partial},
          {"lanes", r.lanes},
          {"threads", r.threads},
          {"bytes", r.bytes},
          {"requests", r.requests},
          {"inline_completions", r.inline_completions},
          {"inline_share", r.inline_share()},
          {"wall_seconds", r.wall_seconds},
          {"bytes_per_second", r.bytes_per_second()},
          {"requests_per_second", r.requests_per_second()},
          {"cpu_user_seconds", r.user_seconds},
          {"cpu_system_seconds", r.system_seconds},
          {"cpu_seconds_per_gib", r.cpu_seconds_per_gib()},
          {"other_cpu_share", or_null(r.other_cpu_share)},
          {"depth_achieved", r.depth_achieved()},
          {"submitting_seconds", r.submitting_seconds},
          {"waiting_seconds", r.waiting_seconds},
          {"hashing_seconds", r.hashing_seconds},
          {"rest_seconds", r.rest_seconds},
          {"latency_ns", latency_json(r.latency_ns)},
          {"intervals", intervals_json(r.intervals)},
          {"copy", r.copy ? copy_json(*r.copy, r.wall_seconds) : Json(nullptr)}};
}

Json error_json(const Error& error) {
  return {{"operation", or_null(error.operation)},
          {"path", or_null(error.path)},
          {"offset", error.offset ? Json(*error.offset) : Json(nullptr)},
          {"code", error.code == 0 ? Json(nullptr) : Json(error.code)},
          {"message", error.line()}};
}

Json run_json(const Run& run) {
  Json repetitions = Json::array();
  for (const Repetition& r : run.repetitions) repetitions.push_back(repetition_json(r));
  Json warnings = Json::array();
  for (const Warning& warning : run.warnings) {
    warnings.push_back({{"code", warning.kind().name},
                        {"suspect", warning.kind().suspect},
                        {"message", warning.message},
                        {"advice", warning.advice}});
  }
  return {{"job", run.job},
          {"config", config_json(run.config)},
          {"target", target_json(run.target)},
          {"repetitions", std::move(repetitions)},
          {"partial", run.partial},
          {"suspect", run.suspect()},
          {"warnings", std::move(warnings)},
          {"origin", run.origin ? origin_json(*run.origin) : Json(nullptr)},
          {"error", run.failure ? error_json(*run.failure) : Json(nullptr)}};
}

Json read_config_json(const ReadSettings& read) {
  return {{"pattern", name(read.pattern)},
          {"seed", read.seed},
          {"duration_seconds", or_null(read.duration_seconds)},
          {"limit_bytes", or_null(read.limit_bytes)},
          {"rate_per_second", or_null(read.rate_per_second)},
          {"files_at_once", read.files_at_once}};
}

Json copy_config_json(const CopySettings& copy) {
  return {{"destination", copy.destination},
          {"writer", copy.writer},
          {"write_cache", name(copy.write_cache)},
          {"sparse", copy.sparse},
          {"flush", copy.flush},
          {"verify", copy.verify}};
}

Json source_json(const Comparison::Source& source) {
  return {{"path", source.path}, {"files", source.files}, {"tools", source.tools}};
}

Json options_json(const CompareOptions& options) {
  Json metrics = Json::array();
  for (const Metric metric : options.metrics) metrics.push_back(kind_of(metric).name);
  Json allowed = Json::array();
  for (const IncompatibilityKind incompatibility : options.allowed)
    allowed.push_back(name_of(incompatibility));
  return {{"metrics", std::move(metrics)},
          {"threshold_share", options.rule.threshold},
          {"confidence", options.rule.confidence},
          {"allowed", std::move(allowed)}};
}

Json tally_json(const Tally& tally) {
  return {{"all", tally.all},
          {"regression", tally.worse},
          {"improvement", tally.better},
          {"no_change", tally.same},
          {"inconclusive", tally.inconclusive},
          {"not_comparable", tally.not_comparable}};
}

Json figure_json(const Figure& figure) {
  const MetricKind& kind = kind_of(figure.metric);
  return {{"metric", kind.name},
          {"unit", kind.unit},
          {"more_is_better", kind.more_is_better},
          {"base_median", figure.base},
          {"new_median", figure.now},
          {"ratio", figure.ratio},
          {"ratio_low", figure.interval ? Json(figure.interval->low) : Json(nullptr)},
          {"ratio_high", figure.interval ? Json(figure.interval->high) : Json(nullptr)},
          {"p", figure.p},
          {"adjusted_p", figure.verdict ? Json(figure.adjusted_p) : Json(nullptr)},
          {"verdict", figure.verdict ? name_of(*figure.verdict) : "not_comparable"},
          {"least_repetitions", or_null(std::uint64_t{figure.min_repetitions})}};
}

Json configuration_json(const ComparedConfiguration& configuration) {
  Json figures = Json::array();
  for (const Figure& figure : configuration.figures) figures.push_back(figure_json(figure));
  return {{"job", configuration.job},
          {"path", configuration.path},
          {"name", configuration.name},
          {"config", config_json(configuration.config)},
          {"treated_as_same", configuration.treated_as_same},
          {"suspect", !configuration.suspect_base.empty() || !configuration.suspect_now.empty()},
          {"suspect_base", configuration.suspect_base},
          {"suspect_new", configuration.suspect_now},
          {"method", configuration.paired ? "pairs" : "mann_whitney"},
          {"base_repetitions", configuration.base_repetitions},
          {"new_repetitions", configuration.now_repetitions},
          {"comparisons", std::move(figures)}};
}

}  // namespace

std::string to_json(const Results& result) {
  Json runs = Json::array();
  for (const Run& run : result.runs) runs.push_back(run_json(run));
  Json document = {{"schema", kResultSchema}};
  document.update(origin_json(result));
  document["runs"] = std::move(runs);
  return json_text(document);
}

Json config_json(const Settings& config) {
  return {{"engine", config.engine},
          {"engine_options", or_null(config.engine_options)},
          {"depth", config.depth},
          {"threads", config.threads},
          {"block_bytes", config.block_bytes},
          {"hash", name(config.hash)},
          {"cache", name(config.cache)},
          {"interval_seconds", or_null(config.interval_seconds)},
          {"latency_of", config.latency_of},
          {"requested_engine", or_null(config.requested_engine)},
          {"read", config.read ? read_config_json(*config.read) : Json(nullptr)},
          {"copy", config.copy ? copy_config_json(*config.copy) : Json(nullptr)}};
}

std::string json_text(const Json& document) {
  return document.dump(2, ' ', false, Json::error_handler_t::replace) + "\n";
}

std::string comparison_json(const Comparison& comparison) {
  Json configurations = Json::array();
  for (const ComparedConfiguration& configuration : comparison.configurations)
    configurations.push_back(configuration_json(configuration));
  Json incompatibilities = Json::array();
  for (const Incompatibility& incompatibility : comparison.incompatibilities) {
    incompatibilities.push_back({{"kind", name_of(incompatibility.kind)},
                                 {"allowed", incompatibility.allowed},
                                 {"message", incompatibility.text}});
  }
  return json_text({{"schema", kComparisonSchema},
                    {"base", source_json(comparison.base)},
                    {"new", source_json(comparison.now)},
                    {"options", options_json(comparison.options)},
                    {"verdict", name_of(comparison.outcome())},
                    {"summary", summary(comparison)},
                    {"counts", tally_json(comparison.tally())},
                    {"configurations", std::move(configurations)},
                    {"incompatibilities", std::move(incompatibilities)},
                    {"notes", comparison.notes}});
}

}  // namespace aiobench::result
