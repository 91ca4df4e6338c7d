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
#pragma once

#include "engine/engine.h"
#include "os/file_view.h"

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
    const platform::FileView* view = nullptr;
    FileOffset begin = 0;
    FileOffset end = 0;
  };
  void let_go(const Held& held, const Request& next) const;

  std::vector<std::unique_ptr<platform::FileView>> views_;  // by AttachedFile::index
  std::vector<Held> held_;                                  // by Request::buffer_index
  std::unique_ptr<Worker[]> workers_;
};

}  // namespace aiobench::engine
