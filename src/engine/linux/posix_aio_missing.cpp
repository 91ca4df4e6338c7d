// Replaces posix_aio.cpp in builds with the thread sanitizer. The sanitizer does not see the locks
// inside glibc's asynchronous I/O, because they are not functions that it intercepts. It reports
// glibc's own lists as races, and the sanitizer of g++ 12 crashes when one of glibc's threads
// starts another. Other builds test the engine.
#include "engine/registry.h"

namespace aiobench::engine {

Status posix_aio_available() {
  return usage_error("use engine 'posix-aio'",
                     "this aiobench was built with the thread sanitizer, which does not support "
                     "glibc's asynchronous I/O",
                     "use another build");
}

Result<std::unique_ptr<Engine>> make_posix_aio(const EngineConfig&) {
  return posix_aio_available().take_error();
}

}  // namespace aiobench::engine
