// The mechanisms of Windows. A new one is one file here and a row in this table and the catalog.
#include <array>

#include "engine/registry.h"
#include "engine/mmap_engine.h"
#include "engine/null_engine.h"
#include "engine/windows/extended_engine.h"
#include "engine/windows/iocp_engine.h"
#include "engine/windows/overlapped_engine.h"
#include "engine/windows/sync_engine.h"
#include "engine/windows/threadpool.h"

namespace aiobench::engine {
namespace {

constexpr std::array<Maker, 7> kMakers = {{
    {"sync", make_engine<SyncEngine>, always_available},
    {"overlapped", make_engine<OverlappedEngine>, always_available},
    {"extended", make_engine<ExtendedEngine>, always_available},
    {"iocp", make_engine<IocpEngine>, always_available},
    {"threadpool", make_engine<ThreadpoolEngine>, always_available},
    {"mmap", make_engine<MmapEngine>, always_available},
    {"null", make_engine<NullEngine>, always_available},
}};

}  // namespace

std::span<const Maker> makers() {
  return kMakers;
}

const char* this_system() {
  return "Windows";
}

}  // namespace aiobench::engine
