// The mechanisms of Linux. A new one is one file here and a row in this table and the catalog.
#include <array>

#include "engine/registry.h"
#include "engine/linux/io_uring_engine.h"
#include "engine/linux/libaio_engine.h"
#include "engine/linux/posix_aio_engine.h"
#include "engine/linux/sync_engine.h"
#include "engine/linux/threadpool_engine.h"
#include "engine/mmap_engine.h"
#include "engine/null_engine.h"

namespace aiobench::engine {
namespace {

constexpr std::array<Maker, 7> kMakers = {{
    {"sync", make_engine<SyncEngine>, always_available},
    {"threadpool", make_engine<ThreadpoolEngine>, always_available},
    {"io_uring", make_io_uring, io_uring_available},
    {"libaio", make_libaio, libaio_available},
    {"posix-aio", make_posix_aio, posix_aio_available},
    {"mmap", make_engine<MmapEngine>, always_available},
    {"null", make_engine<NullEngine>, always_available},
}};

}  // namespace

std::span<const Maker> makers() {
  return kMakers;
}

const char* this_system() {
  return "Linux";
}

}  // namespace aiobench::engine
