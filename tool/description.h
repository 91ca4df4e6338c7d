// What a command understands, as data: its options and operands, each a row that says its names,
// its help and the variable that receives its value. The parser (parse.cpp), the help, the manual
// page and the shell completions all read these rows. CLI11 is seen by parse.cpp alone: each
// source that includes it costs seconds of compile time.
#pragma once

#include <optional>
#include <string>
#include <variant>
#include <vector>

#include "tool/command_facts.h"

namespace aiobench::tool {

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
CommandFacts facts_of(const Description& description);

}  // namespace aiobench::tool
