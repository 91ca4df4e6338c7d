// The exit codes of every command: a contract with scripts.
#pragma once

#include <span>

namespace aiobench::tool {

enum class ExitCode {
  good = 0,
  bad = 1,       // done, and the verdict is bad: data differs
  unusable = 2,  // the command line or an input file of settings cannot be used
  failed = 3,    // input/output or system error
  unclear = 5,   // of a comparison alone: inconclusive, or not comparable
  interrupted = 130,
};

struct ExitMeaning {
  ExitCode code;
  const char* meaning;
};

// Each code, as help and manual tell it.
std::span<const ExitMeaning> exit_meanings();

// What a command that did several things ends with: the one that asks for more attention. An
// interrupt outweighs a failure, a failure a bad verdict, that an unusable input, and that a
// comparison without a verdict.
ExitCode worse(ExitCode a, ExitCode b);

}  // namespace aiobench::tool
