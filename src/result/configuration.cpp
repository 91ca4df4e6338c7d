#include "result/configuration.h"

#include <fmt/core.h>

#include "base/units.h"

namespace aiobench::report {

std::string engine_text(const measure::Config& config) {
  const std::string options =
      config.engine_options.empty() ? "" : fmt::format(":{}", config.engine_options);
  const std::string chosen = config.requested_engine.empty() ? "" : " (chosen by auto)";
  return fmt::format("{}{}{}, depth {}, {} thread{}, block {}, cache {}", config.engine, options,
                     chosen, config.depth, config.threads, config.threads == 1 ? "" : "s",
                     format_size(config.block_bytes), config.cache);
}

std::string engine_label(const measure::Config& config, bool by_wine) {
  const std::string wine(by_wine ? kByWine : "");
  if (!config.requested_engine.empty()) return wine + config.requested_engine + "=" + config.engine;
  return wine + config.engine + (config.engine_options.empty() ? "" : ":" + config.engine_options);
}

std::string file_text(const measure::Target& target) {
  const platform::StorageFacts& storage = target.storage;
  std::string text = format_size(target.file_bytes);
  if (!storage.file_system.empty()) text += ", " + storage.file_system;
  if (!storage.device.empty()) text += " on " + storage.device;
  if (!storage.model.empty()) text += fmt::format(" ({})", storage.model);
  return text;
}

std::string read_text(const measure::ReadConfig& read) {
  std::string text = read.pattern;
  if (read.pattern == "random") text += fmt::format(", seed {}", read.seed);
  if (read.duration_seconds > 0) text += fmt::format(", for {} s", read.duration_seconds);
  if (read.limit_bytes > 0) text += ", " + format_size(read.limit_bytes);
  if (read.rate_per_second > 0) text += fmt::format(", at {} requests/s", read.rate_per_second);
  if (read.files_at_once > 1) text += fmt::format(", {} files at once", read.files_at_once);
  return text;
}

std::string write_text(const measure::CopyConfig& copy) {
  return fmt::format("written by {}, {}{}{}", copy.writer, copy.write_cache,
                     copy.sparse ? "" : ", holes filled",
                     copy.flush ? ", flushed" : ", not flushed");
}

}  // namespace aiobench::report
