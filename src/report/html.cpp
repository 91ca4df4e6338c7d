#include "report/html.h"

#include <algorithm>

#include "base/check.h"

namespace aiobench::report {
namespace {

// Where the parts of the page go: a line of page.html of its own.
constexpr std::string_view kMark = "@@";

// What a mark stands for: sources by their names, one after the other; or the data.
std::string part_of(std::string_view names, const Overview& overview) {
  std::string part;
  while (!names.empty()) {
    const std::string_view name = names.substr(0, names.find(' '));
    names.remove_prefix(std::min(names.size(), name.size() + 1));
    if (name == "DATA") {
      part += overview_json(overview);
      continue;
    }
    const std::string_view source = page_source(name);
    AIOBENCH_CHECK(!source.empty());
    part += source;
  }
  return part;
}

}  // namespace

std::string html_page(const Overview& overview) {
  std::string page;
  std::string_view rest = page_source("page.html");
  while (!rest.empty()) {
    const std::string_view line = rest.substr(0, rest.find('\n'));
    rest.remove_prefix(std::min(rest.size(), line.size() + 1));
    if (line.starts_with(kMark)) {
      page += part_of(line.substr(kMark.size()), overview);
    } else {
      page += line;
      page += '\n';
    }
  }
  return page;
}

}  // namespace aiobench::report
