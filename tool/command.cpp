#include "tool/command.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>

#include "base/log.h"
#include "tool/colour.h"
#include "tool/description.h"
#include "tool/help.h"
#include "tool/log.h"
#include "tool/output.h"
#include "tool/suggestion.h"
#include "tool/version.h"

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

// CLI11's message in one line.
std::string one_line(const std::string& text) {
  std::string line;
  for (const char c : text) line += c == '\n' ? ' ' : c;
  return line.substr(0, line.find_last_not_of(' ') + 1);
}

// The option that is likest to the first one that does not exist; empty where there is none.
std::string what_was_meant(const CLI::App& app) {
  std::vector<std::string> known;
  for (const CLI::Option* const option : app.get_options()) {
    for (const std::string& name : option->get_lnames()) known.push_back("--" + name);
    for (const std::string& name : option->get_snames()) known.push_back("-" + name);
  }
  for (const std::string& typed : app.remaining()) {
    if (!typed.starts_with('-')) continue;
    return nearest(typed.substr(0, typed.find('=')), known).value_or("");
  }
  return "";
}

}  // namespace

std::optional<ExitCode> parse(Description& description, const Arguments& arguments) {
  CLI::App& app = description.app;
  if (Status hyphens = check_dashes(arguments); !hyphens) return tell(hyphens.error());
  try {
    Arguments reversed(arguments.rbegin(), arguments.rend());  // as CLI11 takes a vector
    app.parse(reversed);
    if (const CLI::Option* const color = app.get_option_no_throw("--color")) {
      // Another value is refused when the options are checked.
      const auto* const when = find_named(kWhens, color->as<std::string>());
      if (when != nullptr) colour_log(colours_messages(when->value));
    }
    return std::nullopt;
  } catch (const CLI::CallForHelp&) {
    put(help_text(facts_of(description)));
    return finish_output(ExitCode::good);
  } catch (const CLI::CallForVersion&) {
    put(version_line() + "\n");
    return finish_output(ExitCode::good);
  } catch (const CLI::ParseError& error) {
    const std::string meant = what_was_meant(app);
    return tell(usage_error(
        "", one_line(error.what()),
        fmt::format("{}see {} --help", meant.empty() ? "" : "did you mean " + meant + "? ",
                    app.get_name())));
  }
}

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
