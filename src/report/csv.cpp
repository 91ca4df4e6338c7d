#include "report/csv.h"

#include <fmt/core.h>

namespace aiobench::report {
namespace {

constexpr const char* kHeader =
    "job,path,file_bytes,file_system,device,system,version,wine,engine,engine_options,depth,"
    "threads,block_bytes,hash,cache,pattern,rate_per_second,repetition,partial,digest,bytes,"
    "requests,inline_completions,"
    "wall_seconds,bytes_per_second,requests_per_second,cpu_user_seconds,cpu_system_seconds,"
    "depth_achieved,submitting_seconds,waiting_seconds,hashing_seconds,rest_seconds,"
    "latency_p50_ns,latency_p90_ns,latency_p99_ns,latency_p99_9_ns,latency_max_ns,"
    "destination,writer,write_cache,write_requests,write_inline_completions,write_latency_p50_ns,"
    "write_latency_p90_ns,write_latency_p99_ns,write_latency_p99_9_ns,write_latency_max_ns,"
    "open_seconds,allocate_seconds,flush_seconds,rename_seconds,whole_seconds,verify_seconds,"
    "verified,suspect,warnings\n";

std::string rate_field(double rate_per_second) {
  return rate_per_second == 0 ? "" : fmt::format("{}", rate_per_second);
}

std::string run_fields(const result::Results& result, const result::Run& run) {
  const Settings& c = run.config;
  const os::HostInfo& host = result.origin_of(run).host;
  return fmt::format(
      "{},{},{},{},{},{},{},{},{},{},{},{},{},{},{},{},{}", run.job, csv_field(run.target.path),
      run.target.file_bytes, csv_field(run.target.storage.file_system),
      csv_field(run.target.storage.device), csv_field(host.system), csv_field(host.version),
      csv_field(host.wine), c.engine, csv_field(c.engine_options), c.depth, c.threads,
      c.block_bytes, name(c.hash), name(c.cache), c.read ? name(c.read->pattern) : "",
      c.read ? rate_field(c.read->rate_per_second) : "");
}

std::string repetition_fields(const result::Repetition& r) {
  const auto at = [&](double percent) { return r.latency_ns.percentile(percent); };
  return fmt::format(
      "{},{},{},{},{},{:.9f},{:.1f},{:.3f},{:.6f},{:.6f},{:.3f},{:.9f},{:.9f},{:.9f},{:.9f},{},{},"
      "{},{},{}",
      r.partial ? 1 : 0, r.digest, r.bytes, r.requests, r.inline_completions, r.wall_seconds,
      r.bytes_per_second(), r.requests_per_second(), r.user_seconds, r.system_seconds,
      r.depth_achieved(), r.submitting_seconds, r.waiting_seconds, r.hashing_seconds,
      r.rest_seconds, at(50), at(90), at(99), at(99.9), r.latency_ns.max());
}

// The fields of a copy; empty for other jobs.
std::string copy_fields(const Settings& config, const result::Repetition& r) {
  if (!config.copy || !r.copy) return std::string(16, ',');
  const result::CopyFigures& copy = *r.copy;
  const auto at = [&](double percent) { return copy.writes.latency_ns.percentile(percent); };
  return fmt::format("{},{},{},{},{},{},{},{},{},{},{:.9f},{:.9f},{:.9f},{:.9f},{:.9f},{:.9f},{}",
                     csv_field(config.copy->destination), csv_field(config.copy->writer),
                     name(config.copy->write_cache), copy.writes.requests,
                     copy.writes.inline_completions, at(50), at(90), at(99), at(99.9),
                     copy.writes.latency_ns.max(), copy.open_seconds, copy.allocate_seconds,
                     copy.flush_seconds, copy.rename_seconds, copy.whole_seconds(r.wall_seconds),
                     copy.verify_seconds, copy.verified ? 1 : 0);
}

std::string warning_codes(const result::Run& run) {
  std::string codes;
  for (const result::Warning& warning : run.warnings) {
    codes += fmt::format("{}{}", codes.empty() ? "" : " ", warning.kind().name);
  }
  return codes;
}

}  // namespace

std::string csv_field(const std::string& text) {
  if (text.find_first_of(",\"\r\n") == std::string::npos) return text;
  std::string quoted = "\"";
  for (const char c : text) quoted += c == '"' ? std::string("\"\"") : std::string(1, c);
  return quoted + "\"";
}

std::string to_csv(const result::Results& result) {
  std::string text = kHeader;
  for (const result::Run& run : result.runs) {
    for (std::size_t i = 0; i < run.repetitions.size(); ++i) {
      text += fmt::format("{},{},{},{},{},{}\n", run_fields(result, run), i + 1,
                          repetition_fields(run.repetitions[i]),
                          copy_fields(run.config, run.repetitions[i]), run.suspect() ? 1 : 0,
                          warning_codes(run));
    }
  }
  return text;
}

}  // namespace aiobench::report
