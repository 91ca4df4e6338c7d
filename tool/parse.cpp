// Reads a command line into what a Description names. The only source that includes CLI11, whose
// templates and global validators cost seconds of compile time wherever they are seen.
#include <CLI/CLI.hpp>

#include "tool/command.h"
#include "tool/help.h"
#include "tool/output.h"

namespace aiobench::tool {
namespace {

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

struct Parser {
  explicit Parser(const Description& description);

  CLI::App app;
};

CLI::Option* add_row(CLI::App& app, const OptionRow& row) {
  if (bool* const* const flag = std::get_if<bool*>(&row.target)) {
    return app.add_flag(row.names, **flag);
  }
  return std::visit(
      [&](auto* target) -> CLI::Option* { return app.add_option(row.names, *target); }, row.target);
}

// Each value of a list needs its own --name, as in "--metric p50 --metric p99": words that follow a
// value are operands.
void make_list(CLI::Option& option, const OptionRow& row) {
  option.multi_option_policy(CLI::MultiOptionPolicy::TakeAll);
  if (row.is_operand()) return;
  option.allow_extra_args(false);
  const ValueInfo value = value_info(row.type);
  // The options of an engine have commas too; its own parser tells them apart.
  if (value.list && value.takes != Takes::engine) option.delimiter(',');
}

Parser::Parser(const Description& description) {
  app.name("aiobench " + description.name);
  // On Windows CLI11 would take /path for an option; a Unix path is one under Wine.
  app.allow_windows_style_options(false);
  app.option_defaults()->multi_option_policy(CLI::MultiOptionPolicy::Throw);
  app.set_help_flag(kHelpNames);
  app.set_version_flag(kVersionNames, version_line());
  for (const OptionRow& row : description.rows) {
    CLI::Option* const option = add_row(app, row);
    if (std::holds_alternative<std::vector<std::string>*>(row.target)) make_list(*option, row);
    if (row.is_required) option->required();
    // CLI11 names the type in its messages.
    if (!row.is_flag()) option->type_name(row.type);
    if (!row.excluded.empty()) option->excludes(app.get_option(row.excluded));
  }
}

}  // namespace

std::optional<ExitCode> parse(const Description& description, const Arguments& arguments) {
  if (Status hyphens = check_dashes(arguments); !hyphens) return tell(hyphens.error());
  Parser parser(description);
  CLI::App& app = parser.app;
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
    put(help_text(info_of(description)));
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

}  // namespace aiobench::tool
