// The commands of the program, one source file each; what a command line may contain, as data; and
// the parser.
#pragma once

#include <functional>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "base/error.h"
#include "base/units.h"
#include "tool/output.h"

namespace aiobench::tool {

struct Command;
struct Description;

struct Example {
  std::string line;  // the command: "aiobench read --duration 10s file.bin"
  std::string what;  // what it does, in a few words
};

// The kind of an option's value, by which a shell completes it.
enum class Takes { nothing, text, choice, file, engine };

// The values that an option accepts.
struct ValueInfo {
  std::string text;  // as shown in help: "SIZE", "auto|always|never"
  Takes takes = Takes::nothing;
  std::vector<std::string> choices;  // for Takes::choice and Takes::engine
  bool list = false;                 // a comma-separated list
};

struct OptionInfo {
  std::string short_name;  // "-e"; may be empty
  std::string long_name;   // "--engine"
  std::string group;       // the heading in help
  std::string help;
  std::string default_value;  // as shown in help; may be empty
  ValueInfo value;
};

// A word that is not an option.
struct OperandInfo {
  std::string name;  // "FILE"
  std::string help;
  bool required = false;
  ValueInfo value;
};

// A command as help, manual page and completion show it. Made from the Description that the parser
// uses, so that they always agree.
struct CommandInfo {
  std::string name;     // "hash"
  std::string summary;  // one line, for the list of commands
  std::string about;
  std::vector<OperandInfo> operands;
  std::vector<OptionInfo> options;  // the options of a group are adjacent
  std::string notes;                // paragraphs separated by newlines
  std::vector<Example> examples;
};

// The values that `type` describes. "auto|always|never" is a choice of three names; a trailing
// ",..." (kMore) makes it a list; the empty type is a flag; kEngineType and kFileType are
// recognised by name.
ValueInfo value_info(std::string_view type);

// Calls Command::describe; does not run the command.
CommandInfo info_of(const Command& command);
std::vector<CommandInfo> info_of_all();

using Arguments = std::vector<std::string>;

struct Command {
  const char* name;
  const char* summary;
  ExitCode (*run)(const Arguments& arguments);
  std::shared_ptr<Description> (*describe)();  // its options; has no side effects
};

// All commands, in the order of the help.
std::span<const Command> commands();

ExitCode hash_command(const Arguments& arguments);
ExitCode read_command(const Arguments& arguments);
ExitCode copy_command(const Arguments& arguments);
ExitCode sweep_command(const Arguments& arguments);
ExitCode compare_command(const Arguments& arguments);
ExitCode report_command(const Arguments& arguments);
ExitCode engines_command(const Arguments& arguments);
ExitCode create_command(const Arguments& arguments);
ExitCode completion_command(const Arguments& arguments);
ExitCode manual_command(const Arguments& arguments);
// `aiobench __complete`, called by completion scripts; not listed in commands().
ExitCode complete_command(const Arguments& arguments);

std::shared_ptr<Description> describe_hash();
std::shared_ptr<Description> describe_read();
std::shared_ptr<Description> describe_copy();
std::shared_ptr<Description> describe_sweep();
std::shared_ptr<Description> describe_compare();
std::shared_ptr<Description> describe_report();
std::shared_ptr<Description> describe_engines();
std::shared_ptr<Description> describe_create();
std::shared_ptr<Description> describe_completion();
std::shared_ptr<Description> describe_manual();

// Parses `arguments` into the variables of `description`. Returns nullopt if the command should
// run; otherwise the exit code, after printing the help or reporting the error.
std::optional<ExitCode> parse(const Description& description, const Arguments& arguments);

// Prints an error on stderr, in one line, and returns the exit code for its kind.
ExitCode report_error(const Error& error);

// An error if an argument starts with a Unicode dash, which word processors make of "--".
Status check_dashes(const Arguments& arguments);

// Reads the text of an option into a variable of the type of its value. The error says what is
// wrong with the text.
using ReadValue = std::function<Status(const std::string& text)>;

// Reads with `parse`, a function from text to Result<T>.
template <class T, class Parse>
ReadValue reader(T& value, Parse parse) {
  return [&value, parse](const std::string& text) -> Status {
    auto parsed = parse(text);
    if (!parsed) return parsed.take_error();
    value = parsed.take();
    return {};
  };
}

// Reads one of the names of `table`; `option` and `noun` as for parse_named().
template <class T, std::size_t N>
ReadValue name_reader(T& value, const Named<T> (&table)[N], const char* option, const char* noun) {
  return reader(value, [&table, option, noun](const std::string& text) {
    return parse_named(table, option, noun, text);
  });
}

// What receives the value of an option: a variable, or a function. The variable must outlive the
// Description.
using OptionTarget = std::variant<bool*, std::string*, std::vector<std::string>*, ReadValue>;

// One option or operand: its names, its help and the variable that receives its value.
struct OptionRow {
  std::string names;  // "-e,--engine"; for an operand its name, "FILE"
  std::string help;
  std::string type;   // the value as shown in help, see value_info(); empty for a flag
  std::string group;  // the heading in help; empty for an operand
  OptionTarget target;
  std::string default_value;  // as shown in help; may be empty
  bool is_required = false;
  std::string excluded;  // long name of an option that cannot be combined with this one

  OptionRow& required() {
    is_required = true;
    return *this;
  }
  OptionRow& default_text(std::string text) {
    default_value = std::move(text);
    return *this;
  }
  OptionRow& excludes(std::string long_name) {
    excluded = std::move(long_name);
    return *this;
  }
  bool is_operand() const { return group.empty(); }
  bool is_flag() const { return type.empty(); }
};

// The command line of a command, as data. The parser (parse.cpp), the help, the manual page and the
// shell completion all use these rows. Only parse.cpp includes CLI11, because each source that
// includes it costs seconds of compile time.
struct Description {
  std::string name;   // "hash"
  std::string about;  // one or two sentences
  std::vector<OptionRow> rows;
  std::string notes;  // paragraphs separated by newlines, shown below the options
  std::vector<Example> examples;
  std::vector<std::string> more_engines;  // names that --engine accepts besides the mechanisms

  // Each function adds a row and returns it; the reference is valid until the next row is added.
  //
  // An option that may be given once. The current content of `value` is its default.
  OptionRow& option(std::string names, std::string& value, std::string help, std::string type,
                    std::string group);
  // The same for a value with a type. The parser calls `read` after all options are known to be
  // valid, in the order of the rows. default_text() sets the default that the help shows.
  OptionRow& option(std::string names, ReadValue read, std::string help, std::string type,
                    std::string group);
  // An option that may be given several times. If its type ends in kMore, one --name may also have
  // a comma-separated list; lists of engines are split by split_engines().
  OptionRow& option(std::string names, std::vector<std::string>& values, std::string help,
                    std::string type, std::string group);
  OptionRow& flag(std::string names, bool& value, std::string help, std::string group);
  OptionRow& operand(std::string names, std::string& value, std::string help, std::string type);
  // Receives all words that are not options.
  OptionRow& operand(std::string names, std::vector<std::string>& values, std::string help,
                     std::string type);

 private:
  OptionRow& add(std::string names, OptionTarget target, std::string help, std::string type,
                 std::string group);
};

// A description together with the variables that it refers to.
template <class Options>
struct Described : Description {
  using Describe = void (*)(Description& description, Options& options);
  explicit Described(Describe describe) { describe(*this, options); }

  Options options;
};

// Types of option values, see value_info().
inline constexpr const char* kMore = ",...";
inline constexpr const char* kEngineType = "NAME[:OPT...]";
inline constexpr const char* kFileType = "FILE";  // or any type that contains it

// The heading of the output options.
inline constexpr const char* kOutputGroup = "Output";

// The options of every command. The parser handles them.
inline constexpr const char* kHelpNames = "-h,--help";
inline constexpr const char* kVersionNames = "--version";

// The description as plain values, in the same order. `summary` stays empty.
CommandInfo info_of(const Description& description);

// The edit distance: the smallest number of insertions, deletions, substitutions and swaps of
// neighbouring characters that turns `a` into `b`.
// Source: F. J. Damerau, "A technique for computer detection and correction of spelling errors"
// (1964).
unsigned edits_between(std::string_view a, std::string_view b);

// The name in `known` with the smallest edit distance to `typed`, for "did you mean"; nullopt if no
// name is similar. On a tie the first name wins.
std::optional<std::string> nearest(std::string_view typed, const std::vector<std::string>& known);

// Help texts for a terminal of 80 columns, and the manual page. Both are made from CommandInfo.

// The help of one command.
std::string help_text(const CommandInfo& info);

// The help of the program: commands, examples and exit codes.
std::string general_help();

// The manual page, in the language of man(7).
std::string manual(const std::vector<CommandInfo>& commands, const std::string& version);

}  // namespace aiobench::tool
