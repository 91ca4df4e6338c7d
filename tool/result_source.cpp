#include "tool/result_source.h"

#include <utility>

#include "platform/folder.h"
#include "report/json_reader.h"

namespace aiobench::tool {
namespace {

Error nothing_in(const std::string& folder) {
  Error error = usage_error("read results in", "no file in this folder ends in .json",
                            "--json FILE of hash, read and copy makes one");
  error.path = folder;
  return error;
}

}  // namespace

Result<std::vector<measure::Result>> read_results(const std::string& path) {
  std::vector<std::string> files = {path};
  const bool folder = platform::kind_of(path) == platform::PathKind::folder;
  if (folder) {
    Result<std::vector<std::string>> names = platform::file_names_in(path);
    if (!names) return names.take_error();
    files.clear();
    for (const std::string& name : *names) {
      if (name.ends_with(".json")) files.push_back(platform::join_path(path, name));
    }
    if (files.empty()) return nothing_in(path);
  }
  std::vector<measure::Result> results;
  for (const std::string& file : files) {
    Result<measure::Result> result = report::read_result_file(file);
    if (!result) return result.take_error();
    results.push_back(result.take());
  }
  return results;
}

}  // namespace aiobench::tool
