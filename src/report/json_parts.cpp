#include "report/json_parts.h"

namespace aiobench::report {
namespace {

Json read_config_json(const measure::ReadConfig& read) {
  return {{"pattern", read.pattern},
          {"seed", read.seed},
          {"duration_seconds", or_null(read.duration_seconds)},
          {"limit_bytes", or_null(read.limit_bytes)},
          {"rate_per_second", or_null(read.rate_per_second)},
          {"files_at_once", read.files_at_once}};
}

Json copy_config_json(const measure::CopyConfig& copy) {
  return {
      {"destination", copy.destination}, {"writer", copy.writer}, {"write_cache", copy.write_cache},
      {"sparse", copy.sparse},           {"flush", copy.flush},   {"verify", copy.verify}};
}

}  // namespace

Json config_json(const measure::Config& config) {
  return {{"engine", config.engine},
          {"engine_options", or_null(config.engine_options)},
          {"depth", config.depth},
          {"threads", config.threads},
          {"block_bytes", config.block_bytes},
          {"hash", config.hash},
          {"cache", config.cache},
          {"interval_seconds", or_null(config.interval_seconds)},
          {"latency_of", config.latency_of},
          {"requested_engine", or_null(config.requested_engine)},
          {"read", config.read ? read_config_json(*config.read) : Json(nullptr)},
          {"copy", config.copy ? copy_config_json(*config.copy) : Json(nullptr)}};
}

std::string json_text(const Json& document) {
  return document.dump(2, ' ', false, Json::error_handler_t::replace) + "\n";
}

}  // namespace aiobench::report
