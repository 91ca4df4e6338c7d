// The mechanisms of Linux. A new mechanism needs one source in this directory, a row in this table
// and a row in engine/registry.cpp.
#include "engine/registry.h"

#include <array>

namespace aiobench::engine {

// Each is defined in the source of its mechanism.
Result<std::unique_ptr<Engine>> make_sync(const EngineConfig& config);
Result<std::unique_ptr<Engine>> make_threadpool(const EngineConfig& config);
Result<std::unique_ptr<Engine>> make_io_uring(const EngineConfig& config);
Result<std::unique_ptr<Engine>> make_libaio(const EngineConfig& config);
Result<std::unique_ptr<Engine>> make_posix_aio(const EngineConfig& config);
Result<std::unique_ptr<Engine>> make_mmap(const EngineConfig& config);
Result<std::unique_ptr<Engine>> make_null(const EngineConfig& config);
Status io_uring_available();
Status libaio_available();
Status posix_aio_available();

namespace {

Status always_available() {
  return {};
}

constexpr std::array<Factory, 7> kFactories = {{
    {"sync", make_sync, always_available},
    {"threadpool", make_threadpool, always_available},
    {"io_uring", make_io_uring, io_uring_available},
    {"libaio", make_libaio, libaio_available},
    {"posix-aio", make_posix_aio, posix_aio_available},
    {"mmap", make_mmap, always_available},
    {"null", make_null, always_available},
}};

}  // namespace

std::span<const Factory> factories() {
  return kFactories;
}

const char* this_system() {
  return "Linux";
}

}  // namespace aiobench::engine
