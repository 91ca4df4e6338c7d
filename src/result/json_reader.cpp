#include "result/json_reader.h"

#include <fmt/core.h>

#include <concepts>
#include <limits>
#include <optional>
#include <utility>
#include <vector>

#include "os/atomic_file.h"
#include "os/directory.h"
#include "result/json_document.h"
#include "result/json_writer.h"

namespace aiobench::result {
namespace {

using Value = nlohmann::json;

// Thrown for a value that is not as the schema demands.
struct Invalid {
  const Value* value;
  std::string cause;  // with what separates it from the location of the value
};

[[noreturn]] void fail(const Value& value, const std::string& cause) {
  throw Invalid{&value, ": " + cause};
}

// `cause` starts with the name of a field of `object`: "depth: missing".
[[noreturn]] void fail_in(const Value& object, const std::string& cause) {
  throw Invalid{&object, "." + cause};
}

// The location of `value` if it is in `document`: ".runs[2].config".
std::optional<std::string> place_of(const Value& value, const Value& document) {
  if (&value == &document) return "";
  if (!document.is_structured()) return {};
  for (const auto& [name, inner] : document.items()) {
    const std::optional<std::string> place = place_of(value, inner);
    if (place) return (document.is_array() ? "[" + name + "]" : "." + name) + *place;
  }
  return {};
}

// Reads a document into a result. The conversions of nlohmann::json are not used, because they
// accept numbers that are out of range.
class Reader {
 public:
  explicit Reader(std::size_t max_histograms) : max_histograms_(max_histograms) {}

  void read(const Value& from, Results& result) {
    read(from, static_cast<Origin&>(result));
    field(from, "runs", result.runs);
  }

 private:
  // Reads a field that must be present.
  template <class T>
  void field(const Value& from, const char* name, T& into) {
    if (!from.is_object()) fail(from, "not an object");
    const auto found = from.find(name);
    if (found == from.end()) fail_in(from, fmt::format("{}: missing", name));
    read(*found, into);
  }

  // Reads a field that must be present. null means unknown and leaves `into` unchanged.
  template <class T>
  void nullable(const Value& from, const char* name, T& into) {
    std::optional<T> value;
    field(from, name, value);
    if (value) into = std::move(*value);
  }

  void share(const Value& from, const char* name, std::optional<double>& into) {
    field(from, name, into);
    if (into > 1) fail_in(from, fmt::format("{}: not a number from 0 to 1", name));
  }

  // Values. Numbers must fit the type.

  template <std::integral T>
  void read(const Value& from, T& into) {
    using Limits = std::numeric_limits<T>;
    const bool fits = from.is_number_unsigned()
                          ? std::in_range<T>(from.get<std::uint64_t>())
                          : from.is_number_integer() && std::in_range<T>(from.get<std::int64_t>());
    if (!fits)
      fail(from, fmt::format("not an integer from {} to {}", Limits::min(), Limits::max()));
    into = from.get<T>();
  }

  void read(const Value& from, bool& into) {
    if (!from.is_boolean()) fail(from, "not true or false");
    into = from.get<bool>();
  }

  void read(const Value& from, double& into) {
    if (!from.is_number() || from.get<double>() < 0) fail(from, "not a number of at least 0");
    into = from.get<double>();
  }

  void read(const Value& from, std::string& into) {
    if (!from.is_string()) fail(from, "not a string");
    into = from.get_ref<const std::string&>();
  }

  void read(const Value& from, std::pair<std::uint64_t, std::uint64_t>& into) {
    if (!from.is_array() || from.size() != 2 || !from[0].is_number_unsigned() ||
        !from[1].is_number_unsigned()) {
      fail(from, "not a pair of integers of at least 0");
    }
    into = {from[0].get<std::uint64_t>(), from[1].get<std::uint64_t>()};
  }

  template <class T>
  void read(const Value& from, std::optional<T>& into) {
    if (!from.is_null()) read(from, into.emplace());
  }

  template <class T>
  void read(const Value& from, std::vector<T>& into) {
    if (!from.is_array()) fail(from, "not an array");
    for (const Value& element : from) read(element, into.emplace_back());
  }

  // One function for each object of the document, in the order of json_writer.cpp.

  // The object "host" has fields of HostInfo and of Origin.
  struct Host {
    Origin& origin;
  };

  void read(const Value& from, Host& into) {
    Origin& origin = into.origin;
    os::HostInfo& host = origin.host;
    nullable(from, "system", host.system);
    nullable(from, "version", host.version);
    nullable(from, "wine", host.wine);
    nullable(from, "cpu_model", host.cpu_model);
    nullable(from, "cpus", host.cpus);
    nullable(from, "memory_bytes", host.memory_bytes);
    nullable(from, "clock", origin.clock);
    nullable(from, "clock_step_ns", host.clock_step_ns);
    nullable(from, "hash_instructions", origin.hash_instructions);
    nullable(from, "cpu_governor", host.cpu_governor);
  }

  void read(const Value& from, ToolInfo& tool) {
    field(from, "version", tool.version);
    nullable(from, "commit", tool.commit);
    nullable(from, "compiler", tool.compiler);
    nullable(from, "build_type", tool.build_type);
    field(from, "optimized", tool.optimized);
  }

  void read(const Value& from, stats::OwnCost& cost) {
    nullable(from, "clock_ns", cost.clock_ns);
    nullable(from, "request_ns", cost.request_ns);
  }

  void read(const Value& from, Origin& origin) {
    Host host{origin};
    field(from, "tool", origin.tool);
    field(from, "host", host);
    field(from, "own_cost", origin.own_cost);
  }

  // Reads one of the names of `table`.
  template <class T, std::size_t N>
  void name(const Value& from, const Named<T> (&table)[N], T& into) {
    std::string text;
    read(from, text);
    const Named<T>* const row = find_named(table, text);
    if (row == nullptr) fail(from, "not one of " + names_of(table));
    into = row->value;
  }

  void read(const Value& from, HashAlgorithm& hash) { name(from, kHashAlgorithms, hash); }
  void read(const Value& from, CacheState& cache) { name(from, kCacheStates, cache); }
  void read(const Value& from, Pattern& pattern) { name(from, kPatterns, pattern); }
  // "auto" is replaced by one of these before a run.
  void read(const Value& from, WriteCache& cache) {
    static constexpr Named<WriteCache> kChosen[] = {{WriteCache::buffered, "buffered"},
                                                    {WriteCache::direct, "direct"}};
    name(from, kChosen, cache);
  }

  void read(const Value& from, ReadSettings& config) {
    field(from, "pattern", config.pattern);
    field(from, "seed", config.seed);
    nullable(from, "duration_seconds", config.duration_seconds);
    nullable(from, "limit_bytes", config.limit_bytes);
    nullable(from, "rate_per_second", config.rate_per_second);
    field(from, "files_at_once", config.files_at_once);
  }

  void read(const Value& from, CopySettings& copy) {
    field(from, "destination", copy.destination);
    field(from, "writer", copy.writer);
    field(from, "write_cache", copy.write_cache);
    field(from, "sparse", copy.sparse);
    field(from, "flush", copy.flush);
    field(from, "verify", copy.verify);
  }

  void read(const Value& from, Settings& config) {
    field(from, "engine", config.engine);
    nullable(from, "engine_options", config.engine_options);
    field(from, "depth", config.depth);
    field(from, "threads", config.threads);
    field(from, "block_bytes", config.block_bytes);
    field(from, "hash", config.hash);
    field(from, "cache", config.cache);
    nullable(from, "interval_seconds", config.interval_seconds);
    field(from, "latency_of", config.latency_of);
    nullable(from, "requested_engine", config.requested_engine);
    field(from, "read", config.read);
    field(from, "copy", config.copy);
  }

  void read(const Value& from, Target& target) {
    field(from, "path", target.path);
    field(from, "file_bytes", target.file_bytes);
    nullable(from, "file_system", target.storage.file_system);
    nullable(from, "mount", target.storage.mount);
    nullable(from, "device", target.storage.device);
    nullable(from, "device_model", target.storage.model);
    nullable(from, "mount_options", target.storage.mount_options);
    field(from, "rotational", target.storage.rotational);
    nullable(from, "logical_sector_bytes", target.storage.logical_sector_bytes);
    nullable(from, "physical_sector_bytes", target.storage.physical_sector_bytes);
    nullable(from, "device_queue_depth", target.storage.queue_depth);
    share(from, "cached_share_before", target.cached_share_before);
    share(from, "cached_share_after", target.cached_share_after);
    share(from, "hole_share", target.hole_share);
  }

  void read(const Value& from, stats::Histogram& latency) {
    stats::Histogram::Figures figures;
    std::uint64_t count = 0;
    field(from, "count", count);
    field(from, "mean", figures.mean);
    field(from, "min", figures.min);
    field(from, "max", figures.max);
    field(from, "buckets", figures.buckets);
    if (!figures.buckets.empty() && ++histograms_ > max_histograms_) {
      fail(from, fmt::format("more than {} histograms in the file", max_histograms_));
    }
    Result<stats::Histogram> restored = stats::Histogram::restore(figures);
    if (!restored) fail_in(from, restored.error().cause);
    if (restored->count() != count) {
      fail_in(from, fmt::format("count: {}, but the buckets hold {}", count, restored->count()));
    }
    latency = restored.take();
  }

  void read(const Value& from, CopyFigures& copy) {
    field(from, "write_bytes", copy.writes.bytes);
    field(from, "write_requests", copy.writes.requests);
    field(from, "write_inline_completions", copy.writes.inline_completions);
    if (copy.writes.inline_completions > copy.writes.requests) {
      fail_in(from, "write_inline_completions: more than the number of requests");
    }
    field(from, "write_latency_ns", copy.writes.latency_ns);
    field(from, "open_seconds", copy.open_seconds);
    field(from, "allocate_seconds", copy.allocate_seconds);
    field(from, "flush_seconds", copy.flush_seconds);
    field(from, "rename_seconds", copy.rename_seconds);
    field(from, "verify_seconds", copy.verify_seconds);
    field(from, "verified", copy.verified);
  }

  void read(const Value& from, Interval& interval) {
    field(from, "start_seconds", interval.start_seconds);
    field(from, "seconds", interval.seconds);
    field(from, "requests", interval.requests);
    field(from, "bytes", interval.bytes);
    field(from, "latency_p50_ns", interval.p50_ns);
    field(from, "latency_p99_ns", interval.p99_ns);
  }

  void read(const Value& from, Repetition& r) {
    nullable(from, "started_unix_ns", r.started_unix_ns);
    nullable(from, "digest", r.digest);
    field(from, "partial", r.partial);
    field(from, "lanes", r.lanes);
    field(from, "threads", r.threads);
    field(from, "bytes", r.bytes);
    field(from, "requests", r.requests);
    field(from, "inline_completions", r.inline_completions);
    if (r.inline_completions > r.requests) {
      fail_in(from, "inline_completions: more than the number of requests");
    }
    field(from, "wall_seconds", r.wall_seconds);
    field(from, "cpu_user_seconds", r.user_seconds);
    field(from, "cpu_system_seconds", r.system_seconds);
    share(from, "other_cpu_share", r.other_cpu_share);
    field(from, "submitting_seconds", r.submitting_seconds);
    field(from, "waiting_seconds", r.waiting_seconds);
    field(from, "hashing_seconds", r.hashing_seconds);
    field(from, "rest_seconds", r.rest_seconds);
    field(from, "latency_ns", r.latency_ns);
    field(from, "intervals", r.intervals);
    field(from, "copy", r.copy);
  }

  void read(const Value& from, Warning& warning) {
    std::string code;
    field(from, "code", code);
    const WarningKind* const kind = find_warning(code);
    if (kind == nullptr) fail_in(from, "code: unknown warning");
    warning.code = kind->code;
    field(from, "message", warning.message);
    field(from, "advice", warning.advice);
  }

  // The message is the whole error line. The text after operation, path and offset is the cause.
  void read(const Value& from, Error& error) {
    std::string message;
    nullable(from, "operation", error.operation);
    nullable(from, "path", error.path);
    field(from, "offset", error.offset);
    nullable(from, "code", error.code);
    field(from, "message", message);
    const std::string start = error.line();
    if (!start.empty() && message.starts_with(start + ": ")) {
      error.cause = message.substr(start.size() + 2);
    } else if (!start.empty() && message.starts_with(start + " (") && message.ends_with(")")) {
      error.hint = message.substr(start.size() + 2, message.size() - start.size() - 3);
    } else if (message != start) {
      error.cause = std::move(message);
    }
  }

  void read(const Value& from, Run& run) {
    field(from, "job", run.job);
    field(from, "config", run.config);
    field(from, "target", run.target);
    field(from, "repetitions", run.repetitions);
    field(from, "partial", run.partial);
    field(from, "warnings", run.warnings);
    field(from, "origin", run.origin);
    field(from, "error", run.failure);
    for (std::size_t i = 0; i < run.repetitions.size(); ++i) {
      if (!run.repetitions[i].copy || run.config.copy) continue;
      fail_in(from, fmt::format("repetitions[{}].copy: present, but config.copy is null", i));
    }
  }

  std::size_t max_histograms_;
  std::size_t histograms_ = 0;
};

Error refuse(Error error, const std::string& path) {
  error.operation = "read result";
  error.path = path;
  return error;
}

// Checks the schema before anything else is read.
Status check_schema(const Value& document) {
  const char* const hint = "create one with --json FILE";
  if (!document.is_object() || !document.contains("schema")) {
    return usage_error("", "not an aiobench result: it has no field 'schema'", hint);
  }
  const Value& schema = document["schema"];
  if (schema == kResultSchema) return {};
  if (schema.is_string() && schema.get_ref<const std::string&>().starts_with(kResultSchemaFamily)) {
    return usage_error("", fmt::format("unsupported schema: not {}", kResultSchema),
                       "read it with the version of aiobench that wrote it");
  }
  return usage_error("", fmt::format("not an aiobench result: 'schema' is not {}", kResultSchema),
                     hint);
}

Error no_results_in(const std::string& directory) {
  Error error = usage_error("read results in", "no file in this directory ends in .json",
                            "create one with --json FILE of hash, read or copy");
  error.path = directory;
  return error;
}

}  // namespace

Result<Results> read_result(std::string_view text, const std::string& path,
                            std::size_t max_histograms) {
  const Result<Value> document = parse_json(text);
  if (!document) return refuse(document.error(), path);
  if (const Status known = check_schema(*document); !known) return refuse(known.error(), path);
  try {
    Results result;
    Reader(max_histograms).read(*document, result);
    return result;
  } catch (const Invalid& invalid) {
    const std::string line = *place_of(*invalid.value, *document) + invalid.cause;
    return refuse(usage_error("", line.substr(1)), path);
  }
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

Result<std::vector<std::string>> result_files(const std::string& path) {
  if (os::kind_of(path) != os::PathKind::directory) return std::vector{path};
  Result<std::vector<std::string>> names = os::file_names_in(path);
  if (!names) return names.take_error();
  std::vector<std::string> files;
  for (const std::string& name : *names) {
    if (name.ends_with(".json")) files.push_back(os::join_path(path, name));
  }
  if (files.empty()) return no_results_in(path);
  return files;
}

Result<std::vector<Results>> read_results(const std::vector<std::string>& files) {
  std::vector<Results> results;
  for (const std::string& file : files) {
    Result<Results> result = read_result_file(file);
    if (!result) return result.take_error();
    results.push_back(result.take());
  }
  return results;
}

}  // namespace aiobench::result
