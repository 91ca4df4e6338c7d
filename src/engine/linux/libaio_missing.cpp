// Replaces libaio.cpp if libaio was not found at build time.
#include "engine/registry.h"

namespace aiobench::engine {

Status libaio_available() {
  return usage_error("use engine 'libaio'", "this aiobench was built without libaio",
                     "install libaio-dev and build again");
}

Result<std::unique_ptr<Engine>> make_libaio(const EngineConfig&) {
  return libaio_available().take_error();
}

}  // namespace aiobench::engine
