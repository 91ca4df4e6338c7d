// The commands of the program, one source file each.
#pragma once

#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "base/error.h"
#include "tool/output.h"

namespace aiobench::tool {

// What there is to tell of a command, as plain values: from the description by which its command
// line is read (tool/description.h), and so never another list than that.

struct Command;

struct Example {
  std::string line;  // as it is typed: "aiobench read --duration 10s file.bin"
  std::string what;  // what it does, in a few words
};

// What a value is.
enum class Takes { nothing, text, choice, file, engine };

// What values may be.
struct ValueInfo {
  std::string text;  // as help writes it: "SIZE", "auto|always|never"
  Takes takes = Takes::nothing;
  std::vector<std::string> choices;  // of Takes::choice and Takes::engine
  bool list = false;                 // several with commas between
};

struct OptionInfo {
  std::string short_name;  // "-e"; empty where it has none
  std::string long_name;   // "--engine"
  std::string group;       // the heading below which it stands
  std::string help;
  std::string standard;  // what holds where it is not given; may be empty
  ValueInfo value;
};

// A word that is no option.
struct OperandInfo {
  std::string name;  // "FILE"
  std::string help;
  bool required = false;
  ValueInfo value;
};

struct CommandInfo {
  std::string name;     // "hash"
  std::string summary;  // in a few words
  std::string about;
  std::vector<OperandInfo> operands;
  std::vector<OptionInfo> options;  // those of a group beside each other
  std::string notes;                // paragraphs, each in one line
  std::vector<Example> examples;
};

// "auto|always|never" are three choices; with ",..." behind it they are a list. A switch has the
// empty type. The rest is known by name.
ValueInfo value_info(std::string_view type);

// Runs nothing of the command.
CommandInfo info_of(const Command& command);
std::vector<CommandInfo> info_of_all();

using Arguments = std::vector<std::string>;

struct Description;  // tool/description.h

struct Command {
  const char* name;
  const char* summary;
  ExitCode (*run)(const Arguments& arguments);
  std::shared_ptr<Description> (*describe)();  // its options; runs nothing
};

// All of them, in the order in which they are listed to users.
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
// `aiobench __complete`, which shells call: no row of commands().
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

// Reads `arguments` into what `description` is bound to. Nothing is returned where the command may
// go on; else the exit code, after --help was printed or the error was told.
std::optional<ExitCode> parse(const Description& description, const Arguments& arguments);

// Tells an error on stderr, in one line, and returns the exit code of its kind.
ExitCode tell(const Error& error);

// A dash that is not a hyphen, as word processors make of "--": an error that says so.
Status check_dashes(const Arguments& arguments);

// What a command understands, as data: its options and operands, each a row that says its names,
// its help and the variable that receives its value. The parser (parse.cpp), the help, the manual
// page and the shell completions all read these rows. CLI11 is seen by parse.cpp alone: each
// source that includes it costs seconds of compile time.

// Receives what is typed. The variable outlives the Description.
using OptionTarget =
    std::variant<bool*, std::string*, std::optional<std::string>*, std::vector<std::string>*>;

// One option, or one operand (a word that belongs to no option).
struct OptionRow {
  std::string names;  // "-e,--engine"; of an operand its name, "FILE"
  std::string help;
  std::string type;   // how help writes the value, see kMore; empty: a flag
  std::string group;  // the heading below which help lists it; empty: an operand
  OptionTarget target;
  std::string standard;  // the default, as help shows it; may be empty
  bool is_required = false;
  std::string excluded;  // the long name of an option that cannot be given with this one

  OptionRow& required() {
    is_required = true;
    return *this;
  }
  OptionRow& default_text(std::string text) {
    standard = std::move(text);
    return *this;
  }
  OptionRow& excludes(std::string long_name) {
    excluded = std::move(long_name);
    return *this;
  }
  bool is_operand() const { return group.empty(); }
  bool is_flag() const { return type.empty(); }
};

struct Description {
  std::string name;   // "hash"
  std::string about;  // one or two sentences
  std::vector<OptionRow> rows;
  std::string notes;  // shown below the options
  std::vector<Example> examples;
  std::vector<std::string> more_engines;  // what --engine takes besides the engines of the catalog

  // Each adds a row and returns it; the reference is valid until the next row is added.
  //
  // An option that is given at most once. A string that holds something is its own default.
  OptionRow& option(std::string names, std::string& value, std::string help, std::string type,
                    std::string group);
  OptionRow& option(std::string names, std::optional<std::string>& value, std::string help,
                    std::string type, std::string group);
  // An option that may be given several times. If its type ends in kMore, commas separate several
  // values of one --name as well; the engine list is split by its own parser.
  OptionRow& option(std::string names, std::vector<std::string>& values, std::string help,
                    std::string type, std::string group);
  OptionRow& flag(std::string names, bool& value, std::string help, std::string group);
  OptionRow& operand(std::string names, std::string& value, std::string help, std::string type);
  // All the words that belong to no option.
  OptionRow& operand(std::string names, std::vector<std::string>& values, std::string help,
                     std::string type);

 private:
  OptionRow& add(std::string names, OptionTarget target, std::string help, std::string type,
                 std::string group);
};

// A description with the options that it reads into, so that neither outlives the other.
template <class Options>
struct Described : Description {
  using Describe = void (*)(Description& description, Options& options);
  explicit Described(Describe describe) { describe(*this, options); }

  Options options;
};

// The type of an option's value says how it is completed: one that has bars is one of those names
// ("auto|always|never"), with kMore behind it a list of them with commas between.
inline constexpr const char* kMore = ",...";
inline constexpr const char* kEngineType = "NAME[:OPT...]";
inline constexpr const char* kFileType = "FILE";  // or any type that has it in its name

// The heading of what several commands have.
inline constexpr const char* kOutputGroup = "Output";

// The options that every command has, as help shows them; the parser acts on them itself.
inline constexpr const char* kHelpNames = "-h,--help";
inline constexpr const char* kVersionNames = "--version";

// What `description` says, in the order in which it says it; `summary` is left open.
CommandInfo info_of(const Description& description);

// What somebody may have meant who typed something that does not exist.

// How many characters have to be put in, left out, changed, or swapped with their neighbour.
// Source: F. J. Damerau, "A technique for computer detection and correction of spelling errors"
// (1964).
unsigned edits_between(std::string_view a, std::string_view b);

// The one of `known` that is nearest to `typed`; nothing where none is near. Of several that are as
// near the first.
std::optional<std::string> nearest(std::string_view typed, const std::vector<std::string>& known);

}  // namespace aiobench::tool
