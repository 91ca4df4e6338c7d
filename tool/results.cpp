#include "tool/results.h"

#include <utility>

#include "os/directory.h"
#include "result/json_reader.h"

namespace aiobench::tool {
namespace {

Error nothing_in(const std::string& folder) {
  Error error = usage_error("read results in", "no file in this folder ends in .json",
                            "--json FILE of hash, read and copy makes one");
  error.path = folder;
  return error;
}

}  // namespace

Result<std::vector<std::string>> result_files(const std::string& path) {
  if (platform::kind_of(path) != platform::PathKind::folder) return std::vector{path};
  Result<std::vector<std::string>> names = platform::file_names_in(path);
  if (!names) return names.take_error();
  std::vector<std::string> files;
  for (const std::string& name : *names) {
    if (name.ends_with(".json")) files.push_back(platform::join_path(path, name));
  }
  if (files.empty()) return nothing_in(path);
  return files;
}

Result<std::vector<measure::Result>> read_results(const std::vector<std::string>& files) {
  std::vector<measure::Result> results;
  for (const std::string& file : files) {
    Result<measure::Result> result = report::read_result_file(file);
    if (!result) return result.take_error();
    results.push_back(result.take());
  }
  return results;
}

}  // namespace aiobench::tool
