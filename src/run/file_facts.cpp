#include "run/file_facts.h"

#include "os/extents.h"
#include "os/page_cache.h"

namespace aiobench::pipeline {

std::optional<double> cached_share(const std::string& path) {
  const Result<platform::File> file = platform::File::open(path, {});
  if (!file) return std::nullopt;
  const Result<double> share = platform::sampled_resident_share(*file);
  return share ? std::optional<double>(*share) : std::nullopt;
}

std::optional<double> hole_share(const std::string& path) {
  const Result<platform::File> file = platform::File::open(path, {});
  if (!file) return std::nullopt;
  const Result<std::uint64_t> bytes = file->size();
  if (!bytes || *bytes == 0) return std::nullopt;
  const Result<std::vector<platform::Extent>> extents = platform::data_extents(*file, *bytes);
  if (!extents) return std::nullopt;
  std::uint64_t data_bytes = 0;
  for (const platform::Extent& extent : *extents) data_bytes += extent.bytes;
  return static_cast<double>(*bytes - data_bytes) / static_cast<double>(*bytes);
}

}  // namespace aiobench::pipeline
