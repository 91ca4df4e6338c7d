#include "tool/exit_code.h"

namespace aiobench::tool {
namespace {

constexpr ExitMeaning kMeanings[] = {
    {ExitCode::good, "done; the verdict, where there is one, is good"},
    {ExitCode::bad, "done; data differs (check, verify), or a regression (compare)"},
    {ExitCode::unusable, "the command line or an input file cannot be used; nothing was touched"},
    {ExitCode::failed, "input/output or system error; what was done is said"},
    {ExitCode::unclear, "compare only: inconclusive, or not comparable"},
    {ExitCode::interrupted, "interrupted; figures so far are marked as partial"},
};

int weight(ExitCode code) {
  switch (code) {
    case ExitCode::good:
      return 0;
    case ExitCode::unclear:
      return 1;
    case ExitCode::unusable:
      return 2;
    case ExitCode::bad:
      return 3;
    case ExitCode::failed:
      return 4;
    case ExitCode::interrupted:
      return 5;
  }
  return 0;
}

}  // namespace

std::span<const ExitMeaning> exit_meanings() {
  return kMeanings;
}

ExitCode worse(ExitCode a, ExitCode b) {
  return weight(b) > weight(a) ? b : a;
}

}  // namespace aiobench::tool
