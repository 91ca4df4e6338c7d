// Built instead of posix_aio.cpp with the thread sanitizer. It sees none of the locks inside
// glibc's asynchronous I/O, which are no functions that it could watch: it takes glibc's own lists
// for races, and g++ 12's crashes where one of glibc's threads starts another. The engine itself is
// tested by the other builds.
#include "engine/registry.h"

namespace aiobench::engine {

Status posix_aio_available() {
  return usage_error("use engine 'posix-aio'",
                     "this aiobench was built with the thread sanitizer, which does not know "
                     "glibc's asynchronous I/O",
                     "use another build");
}

Result<std::unique_ptr<Engine>> make_posix_aio(const EngineConfig&) {
  return posix_aio_available().take_error();
}

}  // namespace aiobench::engine
