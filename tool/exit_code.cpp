#include "tool/exit_code.h"

namespace aiobench::tool {
namespace {

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

ExitCode worse(ExitCode a, ExitCode b) {
  return weight(b) > weight(a) ? b : a;
}

}  // namespace aiobench::tool
