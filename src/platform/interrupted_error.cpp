#include "platform/interrupt.h"

namespace aiobench::platform {

Error interrupted_error(std::string what) {
  Error error;
  error.kind = Error::Kind::interrupted;
  error.cause = "interrupted: " + std::move(what);
  return error;
}

}  // namespace aiobench::platform
