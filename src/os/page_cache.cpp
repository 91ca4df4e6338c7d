#include "os/page_cache.h"
#include "os/console.h"
#include "os/memory.h"
#include "os/system_error.h"

namespace aiobench::os {

Status warm(const File& file) {
  constexpr std::uint32_t kChunk = 1u << 20;
  Result<PageMemory> memory = PageMemory::allocate(kChunk);
  if (!memory) return memory.take_error();
  for (std::uint64_t at = 0;;) {
    if (interrupted()) return interrupted_error("only a part of the file is cached");
    const Transferred got = file.read_at(memory->data(), kChunk, at);
    if (got.error != 0) return system_error("read", file.path(), got.error, at);
    if (got.bytes == 0) return {};
    at += got.bytes;
  }
}

}  // namespace aiobench::os
