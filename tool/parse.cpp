// The command-line parser. The only source that includes CLI11, whose templates and global
// validators cost seconds of compile time in each source.
#include <CLI/CLI.hpp>

#include <deque>

#include "tool/command.h"
#include "tool/output.h"
#include "tool/terminal.h"

namespace aiobench::tool {
namespace {

// Joins the lines of a message from CLI11.
std::string one_line(const std::string& text) {
  std::string line;
  for (const char c : text) line += c == '\n' ? ' ' : c;
  return line.substr(0, line.find_last_not_of(' ') + 1);
}

// The existing option most similar to the first unknown option; empty if none is similar.
std::string suggestion_for(const CLI::App& app) {
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

class Parser {
 public:
  explicit Parser(const Description& description);

  // Reads the values of the options with a type; after app.parse().
  Status read_values() const;

  CLI::App app;

 private:
  // An option with a type, and the text that was given for it.
  struct Typed {
    const ReadValue* read;
    CLI::Option* option = nullptr;
    std::string text;
  };

  CLI::Option* add(const OptionRow& row);

  std::deque<Typed> typed_;  // in the order of the rows; CLI11 keeps references to the texts
};

CLI::Option* Parser::add(const OptionRow& row) {
  if (bool* const* const flag = std::get_if<bool*>(&row.target)) {
    return app.add_flag(row.names, **flag);
  }
  if (std::string* const* const text = std::get_if<std::string*>(&row.target)) {
    return app.add_option(row.names, **text);
  }
  if (auto* const* const list = std::get_if<std::vector<std::string>*>(&row.target)) {
    return app.add_option(row.names, **list);
  }
  Typed& typed = typed_.emplace_back(Typed{&std::get<ReadValue>(row.target), nullptr, {}});
  typed.option = app.add_option(row.names, typed.text);
  return typed.option;
}

Status Parser::read_values() const {
  for (const Typed& typed : typed_) {
    if (typed.option->count() == 0) continue;
    if (Status read = (*typed.read)(typed.text); !read) return read;
  }
  return {};
}

// Each use of a list option takes one word, as in "--metric p50 --metric p99": the words after it
// are operands.
void make_list(CLI::Option& option, const OptionRow& row) {
  option.multi_option_policy(CLI::MultiOptionPolicy::TakeAll);
  if (row.is_operand()) return;
  option.allow_extra_args(false);
  const ValueInfo value = value_info(row.type);
  // Options of an engine contain commas too; split_engines() separates them.
  if (value.list && value.takes != Takes::engine) option.delimiter(',');
}

Parser::Parser(const Description& description) {
  app.name("aiobench " + description.name);
  // By default CLI11 on Windows treats /path as an option; under Wine it can be a Unix path.
  app.allow_windows_style_options(false);
  app.option_defaults()->multi_option_policy(CLI::MultiOptionPolicy::Throw);
  app.set_help_flag(kHelpNames);
  app.set_version_flag(kVersionNames, version_line());
  for (const OptionRow& row : description.rows) {
    CLI::Option* const option = add(row);
    if (std::holds_alternative<std::vector<std::string>*>(row.target)) make_list(*option, row);
    if (row.is_required) option->required();
    // CLI11 prints the type in its messages.
    if (!row.is_flag()) option->type_name(row.type);
    if (!row.excluded.empty()) option->excludes(app.get_option(row.excluded));
  }
}

}  // namespace

std::optional<ExitCode> parse(const Description& description, const Arguments& arguments) {
  if (Status hyphens = check_dashes(arguments); !hyphens) return report_error(hyphens.error());
  Parser parser(description);
  CLI::App& app = parser.app;
  try {
    Arguments reversed(arguments.rbegin(), arguments.rend());  // the order that CLI11 expects
    app.parse(reversed);
    if (const CLI::Option* const color = app.get_option_no_throw("--color")) {
      // An invalid value is reported below.
      const auto* const when = find_named(kWhens, color->as<std::string>());
      if (when != nullptr) colour_log(colours_messages(when->value));
    }
    if (Status read = parser.read_values(); !read) return report_error(read.error());
    return std::nullopt;
  } catch (const CLI::CallForHelp&) {
    put(help_text(info_of(description)));
    return finish_output(ExitCode::good);
  } catch (const CLI::CallForVersion&) {
    put(version_line() + "\n");
    return finish_output(ExitCode::good);
  } catch (const CLI::ParseError& error) {
    const std::string suggestion = suggestion_for(app);
    return report_error(
        usage_error("", one_line(error.what()),
                    fmt::format("{}see {} --help",
                                suggestion.empty() ? "" : "did you mean " + suggestion + "? ",
                                app.get_name())));
  }
}

}  // namespace aiobench::tool
