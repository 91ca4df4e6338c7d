// The engine `mmap`: the whole file is mapped, and a read returns the address of its bytes in the
// mapping. Nothing is copied. It is the baseline for files in the page cache.
//
// The latency of a request is not the time of a transfer. It is the time to read the pages that are
// not in the page cache, and to enter all pages of the request into the page tables of the process.
// Pages that are no longer needed are released in large pieces, also as part of the measured time.
// The memory in use therefore depends on depth and block size, as with buffers, and not on the size
// of the file. A block that is read again is populated again.
//
// A page may become unavailable after its request has completed. The reader of the data detects
// that with Mapping::lost_from() (os/memory.h). The engine cannot write, cannot bypass the page
// cache, and does not see what is appended to the file after it was opened.

#include <algorithm>

#include "base/units.h"
#include "engine/registry.h"
#include "os/memory.h"
#include "os/system_error.h"

namespace aiobench::engine {

class MmapEngine final : public Engine {
 public:
  explicit MmapEngine(const EngineConfig& config);
  ~MmapEngine() override;

  bool maps_files() const override { return true; }

 private:
  struct Worker;

  Status do_attach(AttachedFile& file) override;
  Outcome do_submit(unsigned worker, Request& request) override;
  void do_reap(unsigned worker, Wait wait, RequestQueue& completed) override;
  void do_wake(unsigned worker) override;

  // The range that the last request with this buffer index received.
  struct PopulatedRange {
    const os::Mapping* mapping = nullptr;
    FileOffset begin = 0;
    FileOffset end = 0;
  };
  void release(const PopulatedRange& held, const Request& next) const;

  std::vector<std::unique_ptr<os::Mapping>> mappings_;  // by AttachedFile::index
  std::vector<PopulatedRange> populated_;               // by Request::buffer_index
  std::unique_ptr<Worker[]> workers_;
};

namespace {

// The number of bytes of `request` that are within a file of `size` bytes.
std::uint32_t bytes_within(std::uint64_t size, const Request& request) {
  if (request.offset >= size) return 0;
  return static_cast<std::uint32_t>(std::min<std::uint64_t>(request.bytes, size - request.offset));
}

// Populates the pages of the request that are within the file.
os::Transferred populate(const os::Mapping& mapping, const Request& request) {
  const std::uint32_t bytes = bytes_within(mapping.size(), request);
  if (bytes == 0) return {};
  const int error = mapping.populate(request.offset, bytes);
  if (error == 0) return {bytes, 0};
  // Unavailable pages of a file that has shrunk are the end of the file, not a failure. On Windows
  // a truncated file makes the whole mapping unavailable, even before the new end.
  Result<std::uint64_t> size = request.file->file.size();
  if (!size || *size >= mapping.size()) return {0, error};
  const std::uint32_t left = bytes_within(*size, request);
  return {left < bytes ? left : 0, 0};
}

}  // namespace

struct alignas(64) MmapEngine::Worker {
  Sleeper sleeper;
};

MmapEngine::MmapEngine(const EngineConfig& config)
    : Engine(config),
      populated_(config.depth),
      workers_(std::make_unique<Worker[]>(config.threads)) {}

MmapEngine::~MmapEngine() = default;

Status MmapEngine::do_attach(AttachedFile& file) {
  Result<os::Mapping> mapping = os::Mapping::map(file.file);
  if (!mapping) return mapping.take_error();
  mappings_.push_back(std::make_unique<os::Mapping>(mapping.take()));
  file.mechanism = mappings_.back().get();
  return {};
}

Outcome MmapEngine::do_submit(unsigned, Request& request) {
  if (request.operation == Operation::write) {
    request.error = os::not_supported_code();
    return Outcome::failed;
  }
  PopulatedRange& held = populated_[request.buffer_index];
  release(held, request);
  const auto& mapping = *static_cast<const os::Mapping*>(request.file->mechanism);
  const os::Transferred done = populate(mapping, request);
  request.transferred = done.bytes;
  request.error = done.error;
  held = {&mapping, request.offset, request.offset + done.bytes};
  if (done.bytes > 0) {
    request.data = mapping.data() + request.offset;
    request.mapping = &mapping;
  }
  return request.error == 0 ? Outcome::finished : Outcome::failed;
}

// Releases pages when a buffer index is used again: `held` is the range of its last request. The
// file is divided into pieces of the size of a large page.
//
// If `next` follows in file order, the pieces that end in `held` are released: the blocks before it
// are no longer needed. With small blocks most requests release nothing. If `next` is at another
// place of the file, all pieces that `held` touches are released; otherwise random requests would
// soon have populated the whole file, and there would be nothing left to measure. If another
// request still needs a released piece, reading it is only slower.
void MmapEngine::release(const PopulatedRange& held, const Request& next) const {
  constexpr std::uint64_t kPiece = 2 * kMiB;
  if (held.end == held.begin) return;
  const std::uint64_t reach = std::uint64_t{4} * config().depth * config().block_bytes;
  const bool jumps = next.offset < held.begin || next.offset - held.begin > reach;
  const FileOffset begin = align_down(held.begin, kPiece);
  const FileOffset end = jumps ? std::min(align_up(held.end, kPiece), held.mapping->size())
                               : align_down(held.end, kPiece);
  if (begin < end) held.mapping->release(begin, end - begin);
}

// No request is ever in flight, so only a wake can end the wait.
void MmapEngine::do_reap(unsigned worker, Wait wait, RequestQueue&) {
  if (wait == Wait::yes) workers_[worker].sleeper.sleep();
}

void MmapEngine::do_wake(unsigned worker) {
  workers_[worker].sleeper.wake();
}

Result<std::unique_ptr<Engine>> make_mmap(const EngineConfig& config) {
  return std::unique_ptr<Engine>(std::make_unique<MmapEngine>(config));
}

}  // namespace aiobench::engine
