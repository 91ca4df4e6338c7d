// What a command understands, described without running it: the help, the manual and the
// completion of a shell come from here. Includes CLI11: only for the sources that read a command
// line.
#pragma once

#include <CLI/CLI.hpp>

#include <string>
#include <vector>

#include "tool/command_facts.h"

namespace aiobench::tool {

struct Description {
  Description();

  CLI::App app;
  std::string notes;  // what is told below the options
  std::vector<Example> examples;
  std::vector<std::string> more_engines;  // what --engine takes besides those of the catalog
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

// What `description` says, in the order in which it says it. `name` and `summary` are left open.
CommandFacts facts_of(const Description& description);

}  // namespace aiobench::tool
