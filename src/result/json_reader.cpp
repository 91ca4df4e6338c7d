#include "result/json_reader.h"

#include <fmt/core.h>

#include <utility>

#include "os/atomic_file.h"
#include "result/json_document.h"
#include "result/json_writer.h"

namespace aiobench::result {
namespace {

// One function for each object of the document, in the order of json_writer.cpp.

void read_host(const JsonValue& from, Origin& origin) {
  os::HostInfo& host = origin.host;
  from.nullable("system", host.system);
  from.nullable("version", host.version);
  from.nullable("wine", host.wine);
  from.nullable("cpu_model", host.cpu_model);
  from.nullable("cpus", host.cpus);
  from.nullable("memory_bytes", host.memory_bytes);
  from.nullable("clock", origin.clock);
  from.nullable("clock_step_ns", host.clock_step_ns);
  from.nullable("hash_instructions", origin.hash_instructions);
  from.nullable("cpu_governor", host.cpu_governor);
}

void read_tool(const JsonValue& from, ToolInfo& tool) {
  from.required("version", tool.version);
  from.nullable("commit", tool.commit);
  from.nullable("compiler", tool.compiler);
  from.nullable("build_type", tool.build_type);
  from.required("optimized", tool.optimized);
}

void read_own_cost(const JsonValue& from, stats::OwnCost& cost) {
  from.nullable("clock_ns", cost.clock_ns);
  from.nullable("request_ns", cost.request_ns);
}

void read_origin(const JsonValue& from, Origin& origin) {
  from.required("tool", origin.tool, read_tool);
  from.required("host", origin, read_host);
  from.required("own_cost", origin.own_cost, read_own_cost);
}

void read_read_config(const JsonValue& from, ReadConfig& read) {
  from.required("pattern", read.pattern);
  from.required("seed", read.seed);
  from.nullable("duration_seconds", read.duration_seconds);
  from.nullable("limit_bytes", read.limit_bytes);
  from.nullable("rate_per_second", read.rate_per_second);
  from.required("files_at_once", read.files_at_once);
}

void read_copy_config(const JsonValue& from, CopyConfig& copy) {
  from.required("destination", copy.destination);
  from.required("writer", copy.writer);
  from.required("write_cache", copy.write_cache);
  from.required("sparse", copy.sparse);
  from.required("flush", copy.flush);
  from.required("verify", copy.verify);
}

void read_config(const JsonValue& from, Config& config) {
  from.required("engine", config.engine);
  from.nullable("engine_options", config.engine_options);
  from.required("depth", config.depth);
  from.required("threads", config.threads);
  from.required("block_bytes", config.block_bytes);
  from.required("hash", config.hash);
  from.required("cache", config.cache);
  from.nullable("interval_seconds", config.interval_seconds);
  from.required("latency_of", config.latency_of);
  from.nullable("requested_engine", config.requested_engine);
  from.nullable("read", config.read, read_read_config);
  from.nullable("copy", config.copy, read_copy_config);
}

void read_share(const JsonValue& from, double& share) {
  from.read(share);
  if (share > 1) from.fail("not a number from 0 to 1");
}

void read_target(const JsonValue& from, Target& target) {
  from.required("path", target.path);
  from.required("file_bytes", target.file_bytes);
  from.nullable("file_system", target.storage.file_system);
  from.nullable("mount", target.storage.mount);
  from.nullable("device", target.storage.device);
  from.nullable("device_model", target.storage.model);
  from.nullable("mount_options", target.storage.mount_options);
  from.nullable("rotational", target.storage.rotational);
  from.nullable("logical_sector_bytes", target.storage.logical_sector_bytes);
  from.nullable("physical_sector_bytes", target.storage.physical_sector_bytes);
  from.nullable("device_queue_depth", target.storage.queue_depth);
  from.nullable("cached_share_before", target.cached_share_before, read_share);
  from.nullable("cached_share_after", target.cached_share_after, read_share);
  from.nullable("hole_share", target.hole_share, read_share);
}

void read_latency(const JsonValue& from, stats::Histogram& latency) {
  stats::Histogram::Figures figures;
  std::uint64_t count = 0;
  from.required("count", count);
  from.required("mean", figures.mean);
  from.required("min", figures.min);
  from.required("max", figures.max);
  from.list("buckets", figures.buckets);
  // An empty histogram has no buckets in memory either.
  const std::size_t bytes = stats::Histogram::kBuckets * sizeof(std::uint64_t);
  if (!figures.buckets.empty() && !from.take_memory(bytes)) return;
  if (from.failed()) return;
  Result<stats::Histogram> restored = stats::Histogram::restore(figures);
  if (!restored) return from.fail_within(restored.error().cause);
  if (restored->count() != count) {
    return from.fail("count", fmt::format("{}, but the buckets hold {}", count, restored->count()));
  }
  latency = restored.take();
}

// Inline completions cannot exceed the number of requests.
void check_inline(const JsonValue& from, const char* name, std::uint64_t inline_completions,
                  std::uint64_t requests) {
  if (inline_completions > requests) from.fail(name, "more than the number of requests");
}

void read_copy(const JsonValue& from, CopyFigures& copy) {
  from.required("write_bytes", copy.writes.bytes);
  from.required("write_requests", copy.writes.requests);
  from.required("write_inline_completions", copy.writes.inline_completions);
  check_inline(from, "write_inline_completions", copy.writes.inline_completions,
               copy.writes.requests);
  from.required("write_latency_ns", copy.writes.latency_ns, read_latency);
  from.required("open_seconds", copy.open_seconds);
  from.required("allocate_seconds", copy.allocate_seconds);
  from.required("flush_seconds", copy.flush_seconds);
  from.required("rename_seconds", copy.rename_seconds);
  from.required("verify_seconds", copy.verify_seconds);
  from.required("verified", copy.verified);
}

void read_interval(const JsonValue& from, Interval& interval) {
  from.required("start_seconds", interval.start_seconds);
  from.required("seconds", interval.seconds);
  from.required("requests", interval.requests);
  from.required("bytes", interval.bytes);
  from.required("latency_p50_ns", interval.p50_ns);
  from.required("latency_p99_ns", interval.p99_ns);
}

void read_repetition(const JsonValue& from, Repetition& r) {
  from.nullable("started_unix_ns", r.started_unix_ns);
  from.nullable("digest", r.digest);
  from.required("partial", r.partial);
  from.required("lanes", r.lanes);
  from.required("threads", r.threads);
  from.required("bytes", r.bytes);
  from.required("requests", r.requests);
  from.required("inline_completions", r.inline_completions);
  check_inline(from, "inline_completions", r.inline_completions, r.requests);
  from.required("wall_seconds", r.wall_seconds);
  from.required("cpu_user_seconds", r.user_seconds);
  from.required("cpu_system_seconds", r.system_seconds);
  from.nullable("other_cpu_share", r.other_cpu_share, read_share);
  from.required("submitting_seconds", r.submitting_seconds);
  from.required("waiting_seconds", r.waiting_seconds);
  from.required("hashing_seconds", r.hashing_seconds);
  from.required("rest_seconds", r.rest_seconds);
  from.required("latency_ns", r.latency_ns, read_latency);
  from.list("intervals", r.intervals, read_interval);
  from.nullable("copy", r.copy, read_copy);
}

void read_warning(const JsonValue& from, Warning& warning) {
  std::string code;
  from.required("code", code);
  const WarningKind* const kind = find_warning(code);
  if (kind == nullptr) return from.fail("code", "unknown warning");
  warning.code = kind->code;
  from.required("message", warning.message);
  from.required("advice", warning.advice);
}

// The message is the whole error line. The text after operation, path and offset is the cause.
void read_error(const JsonValue& from, Error& error) {
  std::string message;
  from.nullable("operation", error.operation);
  from.nullable("path", error.path);
  from.nullable("offset", error.offset);
  from.nullable("code", error.code);
  from.required("message", message);
  const std::string start = error.line();
  if (!start.empty() && message.starts_with(start + ": ")) {
    error.cause = message.substr(start.size() + 2);
  } else if (!start.empty() && message.starts_with(start + " (") && message.ends_with(")")) {
    error.hint = message.substr(start.size() + 2, message.size() - start.size() - 3);
  } else if (message != start) {
    error.cause = std::move(message);
  }
}

void read_run(const JsonValue& from, Run& run) {
  from.required("job", run.job);
  from.required("config", run.config, read_config);
  from.required("target", run.target, read_target);
  from.list("repetitions", run.repetitions, read_repetition);
  from.required("partial", run.partial);
  from.list("warnings", run.warnings, read_warning);
  from.nullable("origin", run.origin, read_origin);
  from.nullable("error", run.failure, read_error);
  for (std::size_t i = 0; i < run.repetitions.size(); ++i) {
    if (!run.repetitions[i].copy || run.config.copy) continue;
    from.fail_within(fmt::format("repetitions[{}].copy: present, but config.copy is null", i));
  }
}

void read_document(const JsonValue& from, Results& result) {
  read_origin(from, result);
  from.list("runs", result.runs, read_run);
}

Error refuse(Error error, const std::string& path) {
  error.operation = "read result";
  error.path = path;
  return error;
}

// Checks the schema before anything else is read.
Status check_schema(const nlohmann::json& document) {
  const char* const hint = "create one with --json FILE";
  if (!document.is_object() || !document.contains("schema")) {
    return usage_error("", "not an aiobench result: it has no field 'schema'", hint);
  }
  const nlohmann::json& schema = document["schema"];
  if (schema == kResultSchema) return {};
  if (schema.is_string() && schema.get_ref<const std::string&>().starts_with(kResultSchemaFamily)) {
    return usage_error("", fmt::format("unsupported schema: not {}", kResultSchema),
                       "read it with the version of aiobench that wrote it");
  }
  return usage_error("", fmt::format("not an aiobench result: 'schema' is not {}", kResultSchema),
                     hint);
}

}  // namespace

Result<Results> read_result(std::string_view text, const std::string& path, std::size_t max_bytes) {
  JsonValue::Reading reading = {.failure = {}, .memory = MemoryBudget(max_bytes)};
  Result<nlohmann::json> document = parse_json(text, reading.memory);
  if (!document) return refuse(document.take_error(), path);
  if (Status known = check_schema(*document); !known) return refuse(known.take_error(), path);
  Results result;
  read_document(JsonValue(*document, reading), result);
  if (!reading.failure.empty()) return refuse(usage_error("", reading.failure), path);
  return result;
}

Result<Results> read_result_file(const std::string& path) {
  Result<std::string> text = os::read_file(path, kMaxResultBytes);
  if (!text) return text.take_error();
  if (is_zstd(*text)) {
    text = decompress_zstd(*text, kMaxResultBytes);
    if (!text) return refuse(text.take_error(), path);
  }
  return read_result(*text, path);
}

}  // namespace aiobench::result
