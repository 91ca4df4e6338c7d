// The engine `mmap`: the file is mapped as a whole, and a read hands out the place of its bytes in
// the mapping. Nothing is copied. The baseline for files in the page cache.
//
// What it times is no transfer. A request's latency is the time to enter the pages into the
// process's page tables, and before that to read those that are not in the cache. Pages that are
// done with are taken out again, in large pieces: as with buffers, the memory in use follows from
// depth and block size, not from the file; a block that is read again is populated again; and the
// work to take pages out is timed like that to enter them.
//
// A page that goes missing after its request was done is found by who reads it: see
// platform/file_view.h. It reads only, through the page cache, and what the file has grown by since
// it was opened is not there.

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

  // What the last request with a buffer index was given.
  struct Held {
    const os::FileView* view = nullptr;
    FileOffset begin = 0;
    FileOffset end = 0;
  };
  void release(const Held& held, const Request& next) const;

  std::vector<std::unique_ptr<os::FileView>> views_;  // by AttachedFile::index
  std::vector<Held> held_;                            // by Request::buffer_index
  std::unique_ptr<Worker[]> workers_;
};

namespace {

// How much of `request` lies in a file of `size` bytes.
std::uint32_t within(std::uint64_t size, const Request& request) {
  if (request.offset >= size) return 0;
  return static_cast<std::uint32_t>(std::min<std::uint64_t>(request.bytes, size - request.offset));
}

// What of the request there is to be had now, and has its pages.
os::Transferred populate(const os::FileView& view, const Request& request) {
  const std::uint32_t bytes = within(view.size(), request);
  if (bytes == 0) return {};
  const int error = view.populate(request.offset, bytes);
  if (error == 0) return {bytes, 0};
  // Pages that cannot be had of a file that has shrunk are no failure but its end. On Windows what
  // was cut off costs the whole view: nothing can be had before that end either.
  Result<std::uint64_t> size = request.file->file.size();
  if (!size || *size >= view.size()) return {0, error};
  const std::uint32_t left = within(*size, request);
  return {left < bytes ? left : 0, 0};
}

}  // namespace

struct alignas(64) MmapEngine::Worker {
  Sleeper sleeper;
};

MmapEngine::MmapEngine(const EngineConfig& config)
    : Engine(config), held_(config.depth), workers_(std::make_unique<Worker[]>(config.threads)) {}

MmapEngine::~MmapEngine() = default;

Status MmapEngine::do_attach(AttachedFile& file) {
  Result<os::FileView> view = os::FileView::map(file.file);
  if (!view) return view.take_error();
  views_.push_back(std::make_unique<os::FileView>(view.take()));
  file.mechanism = views_.back().get();
  return {};
}

Outcome MmapEngine::do_submit(unsigned, Request& request) {
  if (request.operation == Operation::write) {
    request.error = os::not_supported_code();
    return Outcome::failed;
  }
  Held& held = held_[request.buffer_index];
  release(held, request);
  const auto& view = *static_cast<const os::FileView*>(request.file->mechanism);
  const os::Transferred done = populate(view, request);
  request.transferred = done.bytes;
  request.error = done.error;
  held = {&view, request.offset, request.offset + done.bytes};
  if (done.bytes > 0) {
    request.data = view.data() + request.offset;
    request.view = &view;
  }
  return request.error == 0 ? Outcome::finished : Outcome::failed;
}

// Takes out pieces of the size of a large page. In file order it is done by whoever had the end of
// a piece: with small blocks one in many pays, and those before it are done with. Requests that
// jump about leave nothing behind, or soon all would be there and there were nothing to time. A
// piece that another one still needs is only slower to read.
void MmapEngine::release(const Held& held, const Request& next) const {
  constexpr std::uint64_t kPiece = 2 * kMiB;
  if (held.end == held.begin) return;
  const std::uint64_t reach = std::uint64_t{4} * config().depth * config().block_bytes;
  const bool jumps = next.offset < held.begin || next.offset - held.begin > reach;
  const FileOffset begin = align_down(held.begin, kPiece);
  const FileOffset end = jumps ? std::min(align_up(held.end, kPiece), held.view->size())
                               : align_down(held.end, kPiece);
  if (begin < end) held.view->release(begin, end - begin);
}

// Nothing is ever in flight here, so the only thing to wait for is another worker's wake.
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
