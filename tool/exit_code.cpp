#include "tool/exit_code.h"

namespace aiobench::tool {
namespace {

int weight(ExitCode code) {
  switch (code) {
    case ExitCode::good:
      return 0;
    case ExitCode::unusable:
      return 1;
    case ExitCode::bad:
      return 2;
    case ExitCode::failed:
      return 3;
    case ExitCode::interrupted:
      return 4;
  }
  return 0;
}

}  // namespace

ExitCode worse(ExitCode a, ExitCode b) {
  return weight(b) > weight(a) ? b : a;
}

}  // namespace aiobench::tool
