#include "tool/command.h"

#include <fmt/core.h>

#include <algorithm>
#include <array>

#include "base/log.h"
namespace aiobench::tool {
namespace {

// Hyphens, dashes and the minus sign of Unicode, in UTF-8.
constexpr std::array<const char*, 7> kDashes = {"\xe2\x80\x90", "\xe2\x80\x91", "\xe2\x80\x92",
                                                "\xe2\x80\x93", "\xe2\x80\x94", "\xe2\x80\x95",
                                                "\xe2\x88\x92"};

bool starts_with_dash(const std::string& text) {
  return std::any_of(kDashes.begin(), kDashes.end(),
                     [&](const char* dash) { return text.rfind(dash, 0) == 0; });
}

std::string with_hyphens(std::string text) {
  std::string hyphens;
  while (!text.empty() && (text[0] == '-' || starts_with_dash(text))) {
    text.erase(0, text[0] == '-' ? 1 : 3);
    hyphens += '-';
  }
  // One dash is what a word processor makes of two hyphens, but "-d8" has one.
  const bool word = text.size() > 1 && text[1] >= 'a' && text[1] <= 'z';
  return (word ? "--" : hyphens) + text;
}

}  // namespace

ExitCode tell(const Error& error) {
  log_error(error.line());
  switch (error.kind) {
    case Error::Kind::usage:
      return ExitCode::unusable;
    case Error::Kind::interrupted:
      return ExitCode::interrupted;
    case Error::Kind::system:
      break;
  }
  return ExitCode::failed;
}

Status check_dashes(const Arguments& arguments) {
  for (const std::string& argument : arguments) {
    if (argument == "--") return {};
    const std::size_t hyphens = std::min(argument.find_first_not_of('-'), argument.size());
    if (!starts_with_dash(argument.substr(hyphens))) continue;
    return usage_error(
        "", fmt::format("'{}' starts with a dash that is not a hyphen", printable(argument)),
        fmt::format("write {}, or put -- before a file of that name",
                    printable(with_hyphens(argument))));
  }
  return {};
}

}  // namespace aiobench::tool
