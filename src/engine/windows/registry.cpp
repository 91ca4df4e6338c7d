// The mechanisms of Windows. A new mechanism needs one source in this directory, a row in this
// table and a row in engine/registry.cpp.
#include "engine/registry.h"

#include <array>

namespace aiobench::engine {

// Each is defined in the source of its mechanism.
Result<std::unique_ptr<Engine>> make_sync(const EngineConfig& config);
Result<std::unique_ptr<Engine>> make_overlapped(const EngineConfig& config);
Result<std::unique_ptr<Engine>> make_extended(const EngineConfig& config);
Result<std::unique_ptr<Engine>> make_iocp(const EngineConfig& config);
Result<std::unique_ptr<Engine>> make_threadpool(const EngineConfig& config);
Result<std::unique_ptr<Engine>> make_mmap(const EngineConfig& config);
Result<std::unique_ptr<Engine>> make_null(const EngineConfig& config);

namespace {

Status always_available() {
  return {};
}

constexpr std::array<Factory, 7> kFactories = {{
    {"sync", make_sync, always_available},
    {"overlapped", make_overlapped, always_available},
    {"extended", make_extended, always_available},
    {"iocp", make_iocp, always_available},
    {"threadpool", make_threadpool, always_available},
    {"mmap", make_mmap, always_available},
    {"null", make_null, always_available},
}};

}  // namespace

std::span<const Factory> factories() {
  return kFactories;
}

const char* this_system() {
  return "Windows";
}

}  // namespace aiobench::engine
