// Proves for every engine of Linux that a worker that leaves and enters again leaks no descriptor.
#include <doctest/doctest.h>

#include <filesystem>
#include <future>
#include <iterator>

#include "support/engine_rig.h"
#include "support/temp_file.h"

namespace aiobench::test {
namespace {

std::ptrdiff_t open_descriptors() {
  return std::distance(std::filesystem::directory_iterator("/proc/self/fd"), {});
}

// One run of worker 0, in a thread of its own.
void run_once(EngineRig& rig, const engine::AttachedFile& file) {
  std::async(std::launch::async, [&] {
    rig.enter();
    rig.submit(0, file, engine::Operation::read, 0, 512);
    rig.await(1);
    rig.leave();
  }).get();
}

TEST_CASE("a worker that enters again leaks no descriptor") {
  const TempFile file(random_bytes(512, 1));
  for (const std::string& spec : usable_engines()) {
    CAPTURE(spec);
    EngineRig rig(spec, 1, 512);
    const engine::AttachedFile& attached = rig.open(file.path(), os::Access::read);
    run_once(rig, attached);
    const std::ptrdiff_t after_one_run = open_descriptors();
    run_once(rig, attached);
    run_once(rig, attached);
    CHECK(open_descriptors() == after_one_run);
  }
}

}  // namespace
}  // namespace aiobench::test
