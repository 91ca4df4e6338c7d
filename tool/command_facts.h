// What there is to tell of a command, as plain values: from the description by which its command
// line is read (tool/description.h), and so never another list than that.
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace aiobench::tool {

struct Command;

struct Example {
  std::string line;  // as it is typed: "aiobench read --duration 10s file.bin"
  std::string what;  // what it does, in a few words
};

// What a value is.
enum class Takes { nothing, text, choice, file, engine };

// What values may be.
struct ValueFacts {
  std::string text;  // as help writes it: "SIZE", "auto|always|never"
  Takes takes = Takes::nothing;
  std::vector<std::string> choices;  // of Takes::choice and Takes::engine
  bool list = false;                 // several with commas between
};

struct OptionFacts {
  std::string short_name;  // "-e"; empty where it has none
  std::string long_name;   // "--engine"
  std::string group;       // the heading below which it stands
  std::string help;
  std::string standard;  // what holds where it is not given; may be empty
  ValueFacts value;
};

// A word that is no option.
struct OperandFacts {
  std::string name;  // "FILE"
  std::string help;
  bool required = false;
  ValueFacts value;
};

struct CommandFacts {
  std::string name;     // "hash"
  std::string summary;  // in a few words
  std::string about;
  std::vector<OperandFacts> operands;
  std::vector<OptionFacts> options;  // those of a group beside each other
  std::string notes;                 // paragraphs, each in one line
  std::vector<Example> examples;
};

// "auto|always|never" are three choices; with ",..." behind it they are a list. A switch has the
// empty type. The rest is known by name.
ValueFacts value_facts(std::string_view type);

// Runs nothing of the command.
CommandFacts facts_of(const Command& command);
std::vector<CommandFacts> facts_of_all();

}  // namespace aiobench::tool
